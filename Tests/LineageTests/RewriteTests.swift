import Testing
import WeightSimilarity

@testable import Lineage

@Suite struct RewriteTests {
  @Test(
    "what was done to the layers follows from where each comes from",
    arguments: [
      ([0, 1, 2, 3], []), ([0, 1, 3], [.layersDropped]), ([1, 2, 3], [.layersDropped]), ([0, 2, 1, 3], [.layersReordered]),
      // Depth up-scaling repeats a block.
      ([0, 1, 2, 1, 2, 3], [.layersRepeated]), ([0, 0, 1, 1], [.layersDropped, .layersRepeated]),
      ([3, 0, 1], [.layersDropped, .layersReordered]), ([3, 0, 2, 2, 1], [.layersRepeated, .layersReordered]),
      // A later layer is also inserted before its place.
      ([0, 3, 1, 2, 3], [.layersRepeated]), ([0, 2, 2], [.layersDropped, .layersRepeated]),
    ] as [([Int], [Rewrite])])
  func moves(origins: [Int], rewrites: [Rewrite]) throws {
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
    #expect(!order.isMoved && Rewrite.moves(order) == [.layersDropped])
  }
}
