/// The cheapest way to give every node but one a parent.
///
/// Source: Chu and Liu, On the shortest arborescence of a directed graph (1965); Edmonds, Optimum branchings (1967).
enum Arborescence {
  /// A possible parent with its price.
  struct Arc {
    var parent: Int
    var child: Int
    /// Any finite number, negative ones too.
    var cost: Double
  }

  /// For each of `count` nodes the number of the arc from its parent, nil for `root`: together the least sum of costs. Nil when a node
  /// cannot be reached from `root`. Of equal arcs the first counts. Cost: O(nodes · arcs) at worst.
  static func minimum(nodes count: Int, root: Int, arcs: [Arc]) -> [Int?]? {
    var best = [Int?](repeating: nil, count: count)
    for (number, arc) in arcs.enumerated() where arc.child != root && arc.child != arc.parent {
      if let known = best[arc.child], arcs[known].cost <= arc.cost { continue }
      best[arc.child] = number
    }
    guard (0..<count).allSatisfy({ $0 == root || best[$0] != nil }) else { return nil }
    guard let merged = Contraction(of: best.map { $0.map { arcs[$0].parent } }) else { return best }
    // What a cycle's node would give up for a parent from outside.
    var outer: [Arc] = []
    var numbers: [Int] = []
    for (number, arc) in arcs.enumerated() where merged.place[arc.parent] != merged.place[arc.child] {
      let given = merged.isInCycle[arc.child] ? best[arc.child].map { arcs[$0].cost } ?? 0 : 0
      outer.append(Arc(parent: merged.place[arc.parent], child: merged.place[arc.child], cost: arc.cost - given))
      numbers.append(number)
    }
    guard let chosen = minimum(nodes: merged.count, root: merged.place[root], arcs: outer) else { return nil }
    // Within a cycle every node keeps its parent but the one that got another.
    for number in chosen.compactMap({ $0 }).map({ numbers[$0] }) { best[arcs[number].child] = number }
    return best
  }

  /// Nodes brought together where their parents go in a circle.
  private struct Contraction {
    var place: [Int]
    var isInCycle: [Bool]
    var count = 0

    /// Nil when nothing is a circle.
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
        // The walk came back to where it had been: a circle, unless it is known.
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
