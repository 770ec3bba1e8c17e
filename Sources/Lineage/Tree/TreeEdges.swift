import RealModule

/// The reported edges of a tree, derived from the evidence on its skeleton.
struct TreeEdges {
  let skeleton: TreeSkeleton
  let forest: Forest
  /// By edge of the skeleton. The skeleton's parent is the first model.
  let evidence: [[DirectionEvidence]]

  init(_ skeleton: TreeSkeleton, _ forest: Forest, _ evidence: [[DirectionEvidence]]) {
    (self.skeleton, self.forest, self.evidence) = (skeleton, forest, evidence)
  }

  private var nodes: TreeNodes { skeleton.nodes }
  private var facts: TreeFacts { skeleton.facts }

  /// Sorted by child. The main edge comes first if there are several parents.
  var all: [FamilyTree.Edge] {
    nodes.names.indices.flatMap { child -> [FamilyTree.Edge] in
      guard let main = main(of: child) else { return further(of: child, beside: nil) }
      let told = lifted(main) ?? main
      return [told] + further(of: child, beside: told.parent)
    }
  }

  private func main(of child: Int) -> FamilyTree.Edge? {
    guard let (parent, number) = forest.parents[child] else { return nil }
    let isAsLinked = skeleton.links[number].child == child
    let p = forest.probabilities[number]
    return edge(
      parent, child, confidence: isAsLinked ? p.down : p.up, reverse: isAsLinked ? p.up : p.down,
      evidence: isAsLinked ? evidence[number] : evidence[number].map(\.reversed))
  }

  private func edge(_ parent: Int, _ child: Int, confidence: Double, reverse: Double, evidence: [DirectionEvidence])
    -> FamilyTree.Edge
  {
    // Without valid distances, the parent among several related models cannot be determined.
    let isKnown = facts.parents[child] != nil || nodes.isMeasured(parent, child) || !nodes.hasKin(child, beside: parent)
    return FamilyTree.Edge(
      parent: parent, child: child,
      isDirected: isKnown && confidence >= max(TreeRule.leastConfidence, TreeRule.leastOdds * reverse), confidence: confidence,
      reverse: reverse, neither: max(0, 1 - confidence - reverse), verdict: nodes.kin[.init(parent, child)],
      share: facts.parents[child]?.nodes.first { $0.node == parent }?.share, isMain: true,
      evidence: isKnown
        ? evidence : evidence + [DirectionEvidence(.nearestUnknown)])
  }

  /// For two nodes that are more likely siblings, if the parent of one is in the scan: the other one becomes a child of that
  /// parent, too. It branched off on the path from that parent to its sibling, if the sibling descends from that parent.
  private func lifted(_ main: FamilyTree.Edge) -> FamilyTree.Edge? {
    guard main.neither > main.confidence, main.neither > main.reverse, facts.parents[main.child] == nil,
      let origin = forest.parents[main.parent]?.node, nodes.isMeasured(origin, main.child),
      let above = self.main(of: main.parent)
    else { return nil }
    let sibling = DirectionEvidence(
      .sibling(of: nodes.names[main.parent][0], because: main.evidence.filter(\.isAgainstBoth).map(\.fact)),
      first: .log(main.neither / max(main.confidence + main.reverse, 1e-6)))
    return edge(
      origin, main.child, confidence: main.neither * above.confidence, reverse: main.reverse,
      evidence: [sibling] + TreeSkeleton.evidence(origin, main.child, nodes, facts))
  }

  /// The edges to the further parents of a mixture.
  private func further(of child: Int, beside main: Int?) -> [FamilyTree.Edge] {
    (facts.parents[child]?.nodes ?? []).filter { $0.node != main }.map { other in
      let known = facts.evidence(other.node, over: child, in: nodes).map { [$0] } ?? []
      let alone = RootPosterior(nodes: 2, edges: [TreeSkeleton.edge(0, 1, known)]).probabilities[0]
      return FamilyTree.Edge(
        parent: other.node, child: child, isDirected: true, confidence: alone.down, reverse: alone.up, neither: alone.neither,
        verdict: nodes.kin[.init(other.node, child)], share: other.share, isMain: false, evidence: known)
    }
  }
}
