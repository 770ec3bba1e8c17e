extension FamilyTree {
  /// This tree with a direction only where an edge has evidence of its own. Where mixtures are not known, a direction that follows from other
  /// edges alone may be wrong: the second parent of an unknown mixture looks like its child.
  package var directedByOwnEvidence: FamilyTree {
    let edges = edges.map { edge in
      guard edge.isDirected, edge.evidence.allSatisfy({ $0.logOdds <= 0 }) else { return edge }
      return Edge(
        parent: edge.parent, child: edge.child, isDirected: false, confidence: edge.confidence, reverse: edge.reverse,
        neither: edge.neither, verdict: edge.verdict, share: edge.share, isMain: edge.isMain, evidence: edge.evidence,
        tuning: edge.tuning)
    }
    return FamilyTree(nodes: nodes, edges: edges, findings: findings)
  }
}
