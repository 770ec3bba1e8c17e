extension FamilyTree {
  /// This tree with a direction only where an edge has evidence of its own. Where mixtures are not known, a direction that follows from other
  /// edges alone may be wrong: the second parent of an unknown mixture looks like its child.
  package var directedByOwnEvidence: FamilyTree {
    var edges = edges
    for i in edges.indices where edges[i].evidence.allSatisfy({ $0.logOdds <= 0 }) { edges[i].isDirected = false }
    return FamilyTree(nodes: nodes, edges: edges, findings: findings)
  }
}
