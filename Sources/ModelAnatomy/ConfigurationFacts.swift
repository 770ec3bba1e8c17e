/// What the configuration beside the weights says of a model's main part: sizes that tensors do not show, and claims that they
/// contradict.
///
/// Nothing else of a report depends on it, because a configuration may belong to another model.
package struct ConfigurationFacts: Sendable {
  /// Query heads; nil where the stated number does not divide the rows of the projections.
  package var attentionHeads: Int?
  /// Key-value heads, likewise.
  package var keyValueHeads: Int?
  /// Experts that work on one token; nil for a dense model.
  package var expertsPerToken: Int?
  /// Parameters that work on one token, of all parts; nil for a dense model, and where the configuration does not tell.
  package var activeParameters: Int?
  /// Sizes that the tensors do not have.
  package var contradicted: [ConfigurationClaim]

  /// What is said of the main part `main` of `whole`. Reads the configuration. O(weights).
  init(of main: Anatomy, in whole: Anatomy) {
    contradicted = main.contradictedClaims
    let claimed = ClaimedSizes(main.checkpoint)
    let rows = { (role: Role) in main.weights.first { $0.role == role }?.rows }
    if main.architecture != nil, let queries = rows(.qProj), let keys = rows(.kProj),
      let heads = claimed.heads(queries: queries, keys: keys)
    {
      (attentionHeads, keyValueHeads) = (heads.queries, heads.keys)
    }
    guard let chosen = claimed.expertsPerToken, let experts = main.dimensions.experts, chosen <= experts else { return }
    expertsPerToken = chosen
    // Layers may have different numbers of experts.
    var layers: [Int: (parameters: Int, experts: Int)] = [:]
    for weight in main.weights {
      guard let expert = weight.expert else { continue }
      let known = layers[weight.layer ?? -1] ?? (0, 0)
      layers[weight.layer ?? -1] = (known.parameters + weight.parameters, max(known.experts, expert + 1))
    }
    let idle = layers.values.reduce(0) { $0 + $1.parameters / $1.experts * max(0, $1.experts - chosen) }
    activeParameters = whole.parameters - idle
  }
}
