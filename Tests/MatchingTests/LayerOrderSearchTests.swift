import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Matching

@Suite struct LayerOrderSearchTests {
  @Test("layers that were dropped, repeated or swapped are found where they went, and cost their tries")
  func order() throws {
    let folder = TemporaryFolder()
    let model = SyntheticModel(seed: 9, layers: 5)
    let moved = model.taking([0, 2, 2, 4, 3]).noised(0.3, seed: 10)
    let (a, b) = (try moved.anatomy(in: folder, as: "a"), try model.anatomy(in: folder, as: "b"))
    let order = try #require(LayerOrderSearch.order(candidate: a, foundation: b, workers: Workers(threads: 2)))
    #expect(order.origins == [0: 0, 1: 2, 2: 2, 3: 4, 4: 3])
    #expect(order.isMoved && order.repeated == 1)
    let similarity = InPlacePass(Pairing(candidate: a, foundation: b, order: order), workers: Workers(threads: 2)).run()
    #expect(similarity.layers.map(\.foundationLayer) == [0, 2, 2, 4, 3])
    #expect(similarity.layers.nonEmptyAllSatisfy { ($0.similarity.cosine ?? 0) > 0.9 })
    #expect(similarity.unmatchedFoundation.count == 3)
  }

  @Test("between independent models no layer is found anywhere, over 40 pairs")
  func strangers() throws {
    for i in 0..<40 {
      let folder = TemporaryFolder()
      let a = try SyntheticModel(seed: UInt64(1000 + i), layers: 4).anatomy(in: folder, as: "a")
      let b = try SyntheticModel(seed: UInt64(2000 + i), layers: 4).anatomy(in: folder, as: "b")
      let order = try #require(LayerOrderSearch.order(candidate: a, foundation: b, workers: Workers(threads: 1)))
      #expect(order.origins.isEmpty, "seeds \(1000 + i) and \(2000 + i)")
    }
  }

  @Test("layers in another order are found up to that many, and none beyond", arguments: [4, 1025])
  func order(layers: Int) throws {
    let model = SyntheticModel(seed: 1, layers: 4, width: 8, neurons: 8)
    let moved = model.taking([0] + (1..<layers).map { 1 + $0 % 3 })
    let plain = model.taking((0..<layers).map { $0 % 4 })
    let folder = TemporaryFolder()
    let (candidate, foundation) = (try moved.anatomy(in: folder, as: "moved"), try plain.anatomy(in: folder, as: "plain"))
    let order = LayerOrderSearch.order(candidate: candidate, foundation: foundation, workers: Workers(threads: 2))
    #expect(candidate.layers == layers && (order == nil) == (layers != 4))
    #expect(order.map { $0.isMoved && !$0.origins.isEmpty && $0.log10Tries > 0 } ?? true)
  }
}
