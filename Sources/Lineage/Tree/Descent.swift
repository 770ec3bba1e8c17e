/// Which of two models of a scan comes from the other, as a family tree has it.
///
/// ```swift
/// let descent = Descent(tree, ids: pairs.ids)
/// descent.isKnown(of: pairs.candidate(0), from: pairs.foundation(0))  // true: the candidate comes from the foundation
/// ```
///
/// A model comes from another when every edge on the way between them has a direction; over the further parents of a mixture, too. Cost: O(nodes ·
/// depth of the tree).
package struct Descent: Sendable {
  /// The node of each model; nil for a model that is not in the tree.
  private let nodes: [Int?]
  /// The nodes from which each node comes.
  private let ancestors: [Set<Int>]

  /// The descent of models by these ids; nothing is known without a tree.
  package init(_ tree: FamilyTree?, ids: [String]) {
    guard let tree else {
      (nodes, ancestors) = (Array(repeating: nil, count: ids.count), [])
      return
    }
    nodes = ids.map { tree.place(of: $0) }
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

  /// Whether it is known that the model at `descendant` comes from the one at `ancestor`: places in the ids that were given. O(1).
  package func isKnown(of descendant: Int, from ancestor: Int) -> Bool {
    guard let child = nodes[descendant], let parent = nodes[ancestor], child != parent else { return false }
    return ancestors[child].contains(parent) && !ancestors[parent].contains(child)
  }
}
