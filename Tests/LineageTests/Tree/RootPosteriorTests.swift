import Foundation
import TestKit
import Testing

@testable import Lineage

@Suite struct RootPosteriorTests {
  /// A random tree with random evidence.
  private func tree(_ random: inout SeededGenerator) -> (count: Int, edges: [RootPosterior.Edge]) {
    let count = Int.random(in: 1...9, using: &random)
    let edges = (1..<max(count, 1)).map { node -> RootPosterior.Edge in
      let other = Int.random(in: 0..<node, using: &random)
      let isTurned = Bool.random(using: &random)
      return RootPosterior.Edge(
        a: isTurned ? node : other, b: isTurned ? other : node, down: Double.random(in: -3...3, using: &random),
        up: Double.random(in: -3...3, using: &random), neither: Double.random(in: -3...3, using: &random))
    }
    return (count, edges)
  }

  @Test("probabilities are those of trying every root and every state of every edge", arguments: 0..<40 as Range<UInt64>)
  func exhaustive(seed: UInt64) {
    var random = SeededGenerator(seed)
    let (count, edges) = tree(&random)
    var sums = edges.map { _ in (down: 0.0, up: 0.0, neither: 0.0) }
    var total = 0.0
    for root in 0..<count {
      // Which end of each edge is on the root's side: found by taking the edge away.
      let sides = edges.indices.map { cut -> Bool in
        var reached: Set<Int> = [root]
        for _ in 0..<count {
          for (number, edge) in edges.enumerated() where number != cut && (reached.contains(edge.a) || reached.contains(edge.b)) {
            reached.formUnion([edge.a, edge.b])
          }
        }
        return reached.contains(edges[cut].a)
      }
      for states in 0..<(1 << edges.count) {
        var weight = 1.0
        for (number, edge) in edges.enumerated() {
          let isDescent = states >> number & 1 == 1
          weight *=
            isDescent
            ? (1 - TreeRule.siblings) * exp(sides[number] ? edge.down : edge.up) : TreeRule.siblings * exp(edge.neither)
        }
        total += weight
        for number in edges.indices {
          if states >> number & 1 == 0 {
            sums[number].neither += weight
          } else if sides[number] {
            sums[number].down += weight
          } else {
            sums[number].up += weight
          }
        }
      }
    }
    let found = RootPosterior(nodes: count, edges: edges).probabilities
    for (found, sum) in zip(found, sums) {
      #expect(abs(found.down - sum.down / total) < 1e-12)
      #expect(abs(found.up - sum.up / total) < 1e-12)
      #expect(abs(found.neither - sum.neither / total) < 1e-12)
    }
  }

  @Test("what is known of one edge directs the edges behind it")
  func spreads() {
    // 0 → 1 is known; 1 and 2, and 2 and 3, are neighbours of which nothing is known.
    let edges = [
      RootPosterior.Edge(a: 0, b: 1, up: -20, neither: -20), RootPosterior.Edge(a: 1, b: 2), RootPosterior.Edge(a: 2, b: 3),
    ]
    let found = RootPosterior(nodes: 4, edges: edges)
    #expect(found.root == 0)
    #expect(found.probabilities.dropFirst().nonEmptyAllSatisfy { $0.down > 0.89 && $0.up < 1e-6 })
    #expect(found.parents.map { $0?.node } == [nil, 0, 1, 2])
  }

  @Test("two neighbours of which nothing is known are as likely either way")
  func symmetric() {
    let found = RootPosterior(nodes: 2, edges: [.init(a: 0, b: 1)]).probabilities[0]
    #expect(abs(found.down - 0.475) < 1e-12 && abs(found.up - 0.475) < 1e-12 && abs(found.neither - 0.05) < 1e-12)
  }
}
