package import Lineage

/// The family tree of the models below some folders.
public struct TreeResult: Sendable {
  package let tree: FamilyTree
  /// Why the journal could not be written to the end; nil when it could. The results are complete in both cases.
  public let journalError: UnmaskError?
  /// Whether files of a model were changed or lost during reading. Such a model is not in the tree.
  public let hasLosses: Bool

  package init(_ tree: FamilyTree, journalError: UnmaskError?, hasLosses: Bool) {
    (self.tree, self.journalError, self.hasLosses) = (tree, journalError, hasLosses)
  }

  /// Every model below the folders; models that could not be read have an `error` and are in no node.
  public var models: [ScannedModel] { tree.findings.models.map { ScannedModel($0) } }
  /// The ids of each node's models, which are identical copies; sorted by name. Edges refer to indices of this array.
  public var nodes: [[String]] { tree.nodes.map(\.names) }
  /// Every edge, by child; the main parent of a mixture comes first.
  public var edges: [TreeEdge] { tree.edges.map { TreeEdge($0) } }
  /// The nodes without a parent, the nodes of the largest family first.
  public var roots: [Int] { tree.roots }
}

/// A parent and a child, or two neighbours whose order of descent is unknown.
public struct TreeEdge: Sendable, Equatable {
  /// The parent, or the more likely parent.
  public let parent: Int
  /// The other node.
  public let child: Int
  /// Whether the evidence shows which of the two descends from the other.
  public let isDirected: Bool
  /// The posterior probability that `child` descends from `parent`, 0 … 1.
  public let confidence: Double
  /// The parent's share in a mixture, 0 … 1; nil for a child of one parent.
  public let share: Double?

  init(_ edge: FamilyTree.Edge) {
    (parent, child, isDirected) = (edge.parent, edge.child, edge.isDirected)
    (confidence, share) = (edge.confidence, edge.share)
  }
}
