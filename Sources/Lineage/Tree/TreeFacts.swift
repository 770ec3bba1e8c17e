import WeightSimilarity

/// The certain facts about a model's parents: the parents of a mixture, or the base of an adapter that was not merged.
struct TreeFacts {
  /// The parents of a node, the main one first, with their shares if the node is a mixture.
  struct Parents {
    var nodes: [(node: Int, share: Double?)]
    var mixture: ScanFindings.MixedModel?
  }

  private(set) var parents: [Int: Parents] = [:]
  /// The mixtures that have a node as a parent.
  private var mixturesOf: [Int: [Int]] = [:]

  /// `bases`: for models with adapters, by their ids, the id of the base.
  init(_ findings: ScanFindings, bases: [(adapter: String, base: String)], nodes: TreeNodes) {
    for mixed in findings.mixtures {
      guard let child = nodes.position(of: mixed.candidate) else { continue }
      var found: [(node: Int, share: Double?)] = mixed.parents.compactMap { parent in
        nodes.position(of: parent.model).map { ($0, parent.share) }
      }
      if let base = mixed.base.flatMap({ nodes.position(of: $0) }) { found.append((base, nil)) }
      guard !found.isEmpty, found.allSatisfy({ $0.node != child }) else { continue }
      parents[child] = Parents(nodes: found, mixture: mixed)
      for (parent, _) in found { mixturesOf[parent, default: []].append(child) }
    }
    for (adapter, base) in bases {
      guard let child = nodes.position(of: adapter), let parent = nodes.position(of: base), child != parent else { continue }
      // An adapter that changes nothing, or that was merged into this copy, gives no information.
      guard nodes.traits[child].isAdapted else { continue }
      parents[child] = Parents(nodes: [(parent, nil)], mixture: nil)
    }
  }

  /// Whether `parent` may be the parent of `child`.
  func allows(_ parent: Int, over child: Int, in nodes: TreeNodes) -> Bool {
    if let known = parents[child] { return known.nodes[0].node == parent }
    if isKinByMixtureAlone(parent, child, nodes) { return false }
    guard let own = parents[parent] else { return true }
    if own.nodes.contains(where: { $0.node == child }) { return false }
    // A descendant of a mixture is closer to the mixture than to the mixture's parents.
    guard own.mixture != nil, let distance = nodes.distance(parent, child) else { return true }
    return own.nodes.allSatisfy { origin in nodes.distance(origin.node, child).map { distance < $0 } ?? true }
  }

  /// Whether a model is related to `origin` only through a mixture that has `origin` as a parent. This is so if the model is
  /// nearer to the mixture than to `origin`, and another parent of the mixture is unrelated to `origin`.
  private func isKinByMixtureAlone(_ model: Int, _ origin: Int, _ nodes: TreeNodes) -> Bool {
    guard let direct = nodes.distance(model, origin) else { return false }
    return (mixturesOf[origin] ?? []).contains { mixed in
      guard let through = nodes.distance(model, mixed), through < direct else { return false }
      return parents[mixed]?.nodes.contains { $0.node != origin && nodes.distance($0.node, origin) == nil } ?? false
    }
  }

  /// The fact that makes `parent` the parent of `child`; nil if there is none.
  func evidence(_ parent: Int, over child: Int, in nodes: TreeNodes) -> DirectionEvidence? {
    guard let known = parents[child], known.nodes.contains(where: { $0.node == parent }) else { return nil }
    let name = nodes.names[child][0]
    guard let mixed = known.mixture else {
      return DirectionEvidence(.adapterOfThisBase(name), second: -2 * TreeRule.certain, neither: -TreeRule.certain)
    }
    let weight = mixed.mixture.isExact ? TreeRule.certain : TreeRule.strong
    return DirectionEvidence(
      .mixture(name, mixed.mixture.kind, isExact: mixed.mixture.isExact), second: -2 * weight, neither: -weight)
  }
}
