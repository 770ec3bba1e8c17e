/// The cheapest way to give a parent to every node except one.
///
/// Source: Chu and Liu, On the shortest arborescence of a directed graph (1965); Edmonds, Optimum branchings (1967).
package enum Arborescence {
  /// A possible parent with its cost.
  package struct Arc {
    /// The parent's node.
    package var parent: Int
    /// The child's node.
    package var child: Int
    /// Any finite number; it may be negative.
    package var cost: Double

    package init(parent: Int, child: Int, cost: Double) { (self.parent, self.child, self.cost) = (parent, child, cost) }
  }

  /// For each of `count` nodes, the index of the arc from its parent; nil for `root`. The sum of the costs is minimal. Nil if a
  /// node cannot be reached from `root`. Among equal arcs the first is used. Cost: O(nodes · arcs) at worst.
  package static func minimum(nodes count: Int, root: Int, arcs: [Arc]) -> [Int?]? {
    var best = [Int?](repeating: nil, count: count)
    for (number, arc) in arcs.enumerated() where arc.child != root && arc.child != arc.parent {
      if let known = best[arc.child], arcs[known].cost <= arc.cost { continue }
      best[arc.child] = number
    }
    guard (0..<count).allSatisfy({ $0 == root || best[$0] != nil }) else { return nil }
    guard let merged = Contraction(of: best.map { $0.map { arcs[$0].parent } }) else { return best }
    // The cost that a node of a cycle gives up when it takes a parent from outside.
    var outer: [Arc] = []
    var numbers: [Int] = []
    for (number, arc) in arcs.enumerated() where merged.place[arc.parent] != merged.place[arc.child] {
      let given = merged.isInCycle[arc.child] ? best[arc.child].map { arcs[$0].cost } ?? 0 : 0
      outer.append(Arc(parent: merged.place[arc.parent], child: merged.place[arc.child], cost: arc.cost - given))
      numbers.append(number)
    }
    guard let chosen = minimum(nodes: merged.count, root: merged.place[root], arcs: outer) else { return nil }
    // Within a cycle every node keeps its parent, except the one that got another.
    for number in chosen.compactMap({ $0 }).map({ numbers[$0] }) { best[arcs[number].child] = number }
    return best
  }

  /// Merges the nodes whose parents form a cycle.
  private struct Contraction {
    var place: [Int]
    var isInCycle: [Bool]
    var count = 0

    /// Nil if there is no cycle.
    init?(of parents: [Int?]) {
      place = Array(repeating: -1, count: parents.count)
      isInCycle = Array(repeating: false, count: parents.count)
      var seen = [Int](repeating: -1, count: parents.count)
      for start in parents.indices {
        var at = start
        while seen[at] < 0, let next = parents[at] {
          seen[at] = start
          at = next
        }
        guard seen[at] == start, parents[at] != nil, place[at] < 0 else { continue }
        // The walk returned to a node it had visited: this is a cycle, unless the cycle is already known.
        var node = at
        repeat {
          (place[node], isInCycle[node]) = (count, true)
          node = parents[node] ?? at
        } while node != at
        count += 1
      }
      guard count > 0 else { return nil }
      for node in place.indices where place[node] < 0 {
        place[node] = count
        count += 1
      }
    }
  }
}
