import Foundation
import TestKit
import Testing

@testable import WeightSimilarity

@Suite struct RowShiftTestTests {
  private func test(_ candidate: SyntheticModel, _ foundation: SyntheticModel) throws -> RowShiftTest {
    let folder = TemporaryFolder()
    let pairing = Pairing(
      candidate: try candidate.anatomy(in: folder, as: "a"), foundation: try foundation.anatomy(in: folder, as: "b"))
    return try #require(InPlacePass(pairing, workers: Workers(threads: 2)).run().rowShift)
  }

  @Test("p-values of independent models are uniform (Kolmogorov–Smirnov over 200 pairs)")
  func uniform() throws {
    let seed: UInt64 = 20_261_123
    let draws = 200
    var p: [Double] = []
    for i in 0..<UInt64(draws) {
      let found = try test(SyntheticModel(seed: seed + 2 * i), SyntheticModel(seed: seed + 2 * i + 1))
      p.append(pow(10, found.log10P))
    }
    p.sort()
    var distance = 0.0
    for (i, value) in p.enumerated() {
      let (below, above) = (Double(i) / Double(draws), Double(i + 1) / Double(draws))
      distance = max(distance, abs(value - below), abs(above - value))
    }
    // 1.95 / √n is exceeded once in a thousand.
    #expect(distance < 1.95 / Double(draws).squareRoot(), "seed \(seed): distance \(distance)")
  }

  @Test("what all rows have in common moves no p-value", arguments: [Float(1), 10])
  func common(mean: Float) throws {
    var (a, b) = (SyntheticModel(seed: 5), SyntheticModel(seed: 6))
    for name in a.matrices.keys {
      let (left, right) = (a.matrices[name]?.values ?? [], b.matrices[name]?.values ?? [])
      a.matrices[name]?.values = left.map { $0 + mean }
      b.matrices[name]?.values = right.map { $0 + mean }
    }
    let found = try test(a, b)
    #expect(found.value > 0.4, "the rows are alike by their mean")
    #expect(found.log10P > -4 && abs(found.excess) < 0.1)
  }

  @Test("a copy with as much noise as signal is found", arguments: [Float(0.3), 1])
  func noise(level: Float) throws {
    let model = SyntheticModel(seed: 7)
    let found = try test(model.noised(level, seed: 8), model)
    #expect(found.log10P < -20)
    #expect(abs(found.excess - 1 / (1 + Double(level * level)).squareRoot()) < 0.06)
  }

  @Test("layers that were dropped, repeated or swapped are found where they went, and cost their tries")
  func order() throws {
    let folder = TemporaryFolder()
    let model = SyntheticModel(seed: 9, layers: 5)
    let moved = model.taking([0, 2, 2, 4, 3]).noised(0.3, seed: 10)
    let (a, b) = (try moved.anatomy(in: folder, as: "a"), try model.anatomy(in: folder, as: "b"))
    let order = try #require(LayerOrder(candidate: a, foundation: b, workers: Workers(threads: 2)))
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
      let order = try #require(LayerOrder(candidate: a, foundation: b, workers: Workers(threads: 1)))
      #expect(order.origins.isEmpty, "seeds \(1000 + i) and \(2000 + i)")
    }
  }
}
