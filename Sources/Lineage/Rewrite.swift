import BasisRecovery
import WeightSimilarity

/// What was done to a model's weights without training, in the words of the reports.
///
/// Each line has a test of its own, at one false word in a thousand once the models are known to be kin; what trained weights do by
/// themselves (a little noise on the basis, a few neurons that match by chance) is no rewrite.
enum Rewrite {
  /// Everything that was found to have been done: to the residual stream, neurons, heads, gains, layers, tables, and the way of storing.
  static func all(_ similarity: InPlaceSimilarity, _ alignment: Alignment?, _ gains: GainRewrite?) -> [String] {
    var found = alignment.map(masks) ?? []
    if let gains, gains.areFolded { found.append("norm gains folded") }
    if let gains, gains.areTraded { found.append("norm gains traded with their readers") }
    found += similarity.order.map(moves) ?? []
    if haveEmbeddingsBeenReplaced(similarity) { found.append("embeddings replaced") }
    let copied = "experts copied from a dense MLP"
    if let alignment, alignment.copiedExperts > 0, !similarity.rewrites.contains(copied) { found.append(copied) }
    return found + similarity.rewrites
  }

  /// What was done to channels, neurons and heads.
  static func masks(_ alignment: Alignment) -> [String] {
    let (channels, neurons) = (alignment.channels, alignment.neurons)
    let words: [(Bool, String)] = [
      (channels.isRotated, "residual basis rotated"),
      (channels.isPermuted, "residual channels permuted"),
      (channels.hasTurnedSigns, "residual channels' signs turned"),
      (neurons.arePermuted, "neurons permuted"),
      (neurons.haveTurnedSigns, "neurons' signs turned"),
      (neurons.trade.isFound, "scales traded between up and down"),
      (alignment.areHeadsPermuted, "heads permuted"),
      (alignment.areHeadsRotated, "heads rotated"),
      (alignment.haveHeadsTurnedSigns, "heads' signs turned"),
      (alignment.headTrade.isFound, "scales traded inside heads"),
    ]
    return words.filter(\.0).map(\.1)
  }

  /// True when the token table is not the foundation's and most of the rest is.
  private static func haveEmbeddingsBeenReplaced(_ similarity: InPlaceSimilarity) -> Bool {
    func cosine(_ group: GroupSimilarity) -> Double? { group.alignedCosine ?? group.cosine }
    let tables = similarity.roles.filter { $0.role == "embed_tokens" || $0.role == "lm_head" }
    let others = similarity.layers.compactMap { cosine($0.similarity) }
    guard !tables.isEmpty, !others.isEmpty else { return false }
    let kin = others.filter { $0 * $0 >= 0.5 }
    return 2 * kin.count >= others.count
      && tables.contains { table in cosine(table.similarity).map { !TensorSimilarity.isInPlace(cosine: $0) } ?? false }
  }

  /// How layers were moved, from where each comes from. Layers of unknown origin stand for as many of the foundation's that are missing:
  /// what is missing beyond them was dropped, what is unknown beyond those was inserted.
  static func moves(_ order: LayerOrder) -> [String] {
    let places = Dictionary(uniqueKeysWithValues: zip(order.foundationLayers, 0...))
    let origins = order.candidateLayers.compactMap { order.origins[$0] }.compactMap { places[$0] }
    guard !origins.isEmpty else { return [] }
    let used = Set(origins)
    let (missing, unknown) = (places.count - used.count, order.candidateLayers.count - origins.count)
    var found: [String] = []
    if missing > unknown { found.append("layers dropped") }
    if used.count < origins.count { found.append("layers repeated") }
    if unknown > missing { found.append("layers inserted") }
    // A repeated block begins again at a lower layer; only without repeats does a step down mean another order.
    if used.count == origins.count, zip(origins, origins.dropFirst()).contains(where: { $0 > $1 }) {
      found.append("layers reordered")
    }
    return found
  }
}
