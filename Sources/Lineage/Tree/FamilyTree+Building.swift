package import WeightSimilarity

extension FamilyTree {
  /// Directs the edges of a skeleton.
  ///
  /// There are two passes. In the second pass, the grandparent of every node is known, and so whether a child keeps what its
  /// parent had learnt. `look` is called several times for a pair, so the caller may cache its results.
  package init(
    _ skeleton: TreeSkeleton, look: (_ foundation: String, _ candidate: String) -> [TensorSimilarity]?
  ) {
    let (nodes, facts) = (skeleton.nodes, skeleton.facts)
    let name = { (node: Int) in nodes.names[node][0] }
    var evidence: [[DirectionEvidence]] = []
    for link in skeleton.links {
      var found = TreeSkeleton.evidence(link.parent, link.child, nodes, facts)
      if facts.evidence(link.parent, over: link.child, in: nodes) == nil {
        let tensors = look(name(link.parent), name(link.child))
        // The norm of codes, or of an adapter applied to its base, does not come from training.
        let isPlain = [link.parent, link.child].allSatisfy { !nodes.traits[$0].isQuantised && !nodes.traits[$0].isAdapted }
        if isPlain, let growth = tensors.flatMap({ NormGrowth($0) }) {
          found.append(growth.evidence(first: name(link.parent), second: name(link.child)))
        }
      }
      if facts.evidence(link.parent, over: link.child, in: nodes) == nil, nodes.isBridge(link.parent, link.child) {
        found.append(
          DirectionEvidence(.masksUndone, neither: TreeRule.usual))
        if let hidden = skeleton.hidden(link.parent, link.child) { found.append(hidden) }
      }
      evidence.append(found)
    }
    let once = Forest(skeleton.links, evidence, count: nodes.names.count)
    func seen(_ foundation: Int, _ candidate: Int) -> [TensorSimilarity]? { look(name(foundation), name(candidate)) }
    for child in nodes.names.indices {
      guard let (parent, number) = once.parents[child], let origin = once.parents[parent]?.node, facts.parents[child] == nil,
        let step = seen(parent, child), let before = seen(origin, parent), let whole = seen(origin, child),
        let inheritance = Inheritance(step: step, before: before, whole: whole)
      else { continue }
      let kept = inheritance.evidence(origin: name(origin), parent: name(parent), child: name(child))
      evidence[number].append(skeleton.links[number].child == child ? kept : kept.reversed)
    }
    let edges = TreeEdges(skeleton, Forest(skeleton.links, evidence, count: nodes.names.count), evidence)
    self.init(
      nodes: nodes.names.indices.map {
        Node(names: nodes.names[$0], family: edges.forest.families[$0], rootProbability: edges.forest.rootProbabilities[$0])
      }, edges: edges.all, findings: skeleton.findings)
  }
}
