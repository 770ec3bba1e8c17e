import Testing
import WeightSimilarity

@testable import Lineage

@Suite struct RewriteTests {
  @Test(
    "what was done to the layers follows from where each comes from",
    arguments: [
      ([0, 1, 2, 3], []), ([0, 1, 3], ["layers dropped"]), ([1, 2, 3], ["layers dropped"]), ([0, 2, 1, 3], ["layers reordered"]),
      // Depth up-scaling repeats a block.
      ([0, 1, 2, 1, 2, 3], ["layers repeated"]), ([0, 0, 1, 1], ["layers dropped", "layers repeated"]),
      ([3, 0, 1], ["layers dropped", "layers reordered"]), ([0, 2, 2], ["layers dropped", "layers repeated"]),
    ] as [([Int], [String])])
  func moves(origins: [Int], rewrites: [String]) throws {
    var pair = SyntheticPair(layers: 4, shared: 0.95, seed: 12)
    pair.origins = origins
    let order = try #require(try pair.similarity(order: true).order)
    #expect(order.origins == Dictionary(uniqueKeysWithValues: origins.enumerated().map { ($0.offset, $0.element) }))
    #expect(Rewrite.moves(order) == rewrites)
  }

  @Test("layers that are missing at the end were dropped too")
  func beginning() throws {
    var pair = SyntheticPair(layers: 4, shared: 0.95, seed: 13)
    pair.origins = [0, 1]
    let order = try #require(try pair.similarity(order: true).order)
    #expect(!order.isMoved && Rewrite.moves(order) == ["layers dropped"])
  }
}
