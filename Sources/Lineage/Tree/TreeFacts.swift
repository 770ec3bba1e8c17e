import WeightSimilarity

/// What is known of a model's parents beyond doubt: those that it was mixed from, or the base of an adapter that was not merged.
struct TreeFacts {
  /// A node's parents, the main one first, with their shares where it is a mixture.
  struct Parents {
    var nodes: [(node: Int, share: Double?)]
    var mixture: ScanFindings.MixedModel?
  }

  private(set) var parents: [Int: Parents] = [:]
  /// The mixtures that a node is a parent of.
  private var mixturesOf: [Int: [Int]] = [:]

  /// `bases`: of adapters' models, by their ids, the id of the base.
  init(_ findings: ScanFindings, bases: [(adapter: String, base: String)], nodes: TreeNodes) {
    for mixed in findings.mixtures {
      guard let child = nodes.place(of: mixed.candidate) else { continue }
      var found: [(node: Int, share: Double?)] = mixed.parents.compactMap { parent in
        nodes.place(of: parent.model).map { ($0, parent.share) }
      }
      if let base = mixed.base.flatMap({ nodes.place(of: $0) }) { found.append((base, nil)) }
      guard !found.isEmpty, found.allSatisfy({ $0.node != child }) else { continue }
      parents[child] = Parents(nodes: found, mixture: mixed)
      for (parent, _) in found { mixturesOf[parent, default: []].append(child) }
    }
    for (adapter, base) in bases {
      guard let child = nodes.place(of: adapter), let parent = nodes.place(of: base), child != parent else { continue }
      // Of an adapter that changes nothing, or of a copy that was merged, the adapter says nothing.
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
    // What descends from a mixture is closer to it than to what it was mixed from.
    guard own.mixture != nil, let distance = nodes.distance(parent, child) else { return true }
    return own.nodes.allSatisfy { origin in nodes.distance(origin.node, child).map { distance < $0 } ?? true }
  }

  /// Whether a model is the kin of `origin` only because it descends from a mixture that `origin` has a part in: it is nearer to the mixture, of which
  /// another parent is a stranger to `origin`.
  private func isKinByMixtureAlone(_ model: Int, _ origin: Int, _ nodes: TreeNodes) -> Bool {
    guard let direct = nodes.distance(model, origin) else { return false }
    return (mixturesOf[origin] ?? []).contains { mixed in
      guard let through = nodes.distance(model, mixed), through < direct else { return false }
      return parents[mixed]?.nodes.contains { $0.node != origin && nodes.distance($0.node, origin) == nil } ?? false
    }
  }

  /// What makes `parent` the parent of `child`; nil where no fact does.
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
