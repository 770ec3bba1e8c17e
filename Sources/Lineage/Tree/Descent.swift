/// Which of two models of a scan descends from the other, according to a family tree.
///
/// ```swift
/// let descent = Descent(tree, ids: pairs.ids)
/// descent.isKnown(of: pairs.candidate(0), from: pairs.foundation(0))  // true: the candidate comes from the foundation
/// ```
///
/// A model descends from another if every edge on the path between them has a direction. The path may use the further parents of
/// a mixture. Cost: O(nodes · depth of the tree).
package struct Descent: Sendable {
  /// The node of each model; nil for a model that is not in the tree.
  private let nodes: [Int?]
  /// For each node, the nodes that it descends from.
  private let ancestors: [Set<Int>]

  /// The descent of the models with these ids. Without a tree nothing is known.
  package init(_ tree: FamilyTree?, ids: [String]) {
    guard let tree else {
      (nodes, ancestors) = (Array(repeating: nil, count: ids.count), [])
      return
    }
    nodes = ids.map { tree.position(of: $0) }
    ancestors = tree.nodes.indices.map { node in
      var found: Set<Int> = []
      var open = [node]
      while let next = open.popLast() {
        for edge in tree.parents(of: next) where edge.isDirected && found.insert(edge.parent).inserted {
          open.append(edge.parent)
        }
      }
      return found
    }
  }

  /// Whether the model at `descendant` is known to descend from the one at `ancestor`. Both are indices into the given ids. O(1).
  package func isKnown(of descendant: Int, from ancestor: Int) -> Bool {
    guard let child = nodes[descendant], let parent = nodes[ancestor], child != parent else { return false }
    return ancestors[child].contains(parent) && !ancestors[parent].contains(child)
  }
}
