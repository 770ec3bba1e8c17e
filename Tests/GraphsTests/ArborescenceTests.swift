import TestKit
import Testing

@testable import Graphs

@Suite struct ArborescenceTests {
  /// The least sum over all ways to give each node a parent that leave no circle; nil when there is none.
  private func bruteForce(_ count: Int, root: Int, _ arcs: [Arborescence.Arc]) -> Double? {
    let into = (0..<count).map { child in
      arcs.indices.filter { arcs[$0].child == child && arcs[$0].parent != child }
    }
    var best: Double?
    func choose(_ node: Int, _ parents: [Int?], _ sum: Double) {
      guard node < count else {
        let reaches = (0..<count).allSatisfy { start in
          var at = start
          for _ in 0..<count where at != root { at = parents[at] ?? root }
          return at == root
        }
        if reaches, sum < best ?? .infinity { best = sum }
        return
      }
      if node == root { return choose(node + 1, parents + [nil], sum) }
      for number in into[node] { choose(node + 1, parents + [arcs[number].parent], sum + arcs[number].cost) }
    }
    choose(0, [], 0)
    return best
  }

  @Test("no choice of parents without a circle is cheaper than the arborescence", arguments: 0..<300 as Range<UInt64>)
  func cheapest(seed: UInt64) {
    var random = SeededGenerator(seed)
    let count = Int.random(in: 1...6, using: &random)
    let root = Int.random(in: 0..<count, using: &random)
    var arcs: [Arborescence.Arc] = []
    for _ in 0..<Int.random(in: 0...(count * 4), using: &random) {
      arcs.append(
        .init(
          parent: Int.random(in: 0..<count, using: &random), child: Int.random(in: 0..<count, using: &random),
          // Whole numbers: ties are tried too, and sums are exact.
          cost: Double(Int.random(in: -5...5, using: &random))))
    }
    let expected = bruteForce(count, root: root, arcs)
    let found = Arborescence.minimum(nodes: count, root: root, arcs: arcs)
    #expect((found == nil) == (expected == nil))
    guard let found, let expected else { return }
    #expect(found[root] == nil)
    #expect(found.indices.nonEmptyAllSatisfy { $0 == root || found[$0].map { number in arcs[number].child } == $0 })
    #expect(found.compactMap { $0.map { arcs[$0].cost } }.reduce(0, +) == expected)
    for start in 0..<count {
      var (at, steps) = (start, 0)
      while let number = found[at], steps <= count { (at, steps) = (arcs[number].parent, steps + 1) }
      #expect(at == root, "seed \(seed): \(start) does not hang from the root")
    }
  }

  @Test("a node that no arc leads to from the root has no arborescence")
  func unreachable() {
    #expect(
      Arborescence.minimum(nodes: 3, root: 0, arcs: [.init(parent: 2, child: 1, cost: 1), .init(parent: 1, child: 2, cost: 1)])
        == nil)
    #expect(Arborescence.minimum(nodes: 1, root: 0, arcs: []) == [nil])
  }
}
