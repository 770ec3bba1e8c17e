import ElementTypes
import ModelAnatomy
import TestKit
import Testing

@testable import WeightSimilarity

/// How much of two models is tried, by their layers.
@Suite struct LayerPairsTests {
  @Test(
    "a thousand layers can be tried with as many, in the likeliest reading alone",
    arguments: [(2, true, 8), (126, true, 8), (512, true, 4), (1024, true, 1), (1025, false, 1)])
  func depths(layers: Int, canBeTried: Bool, readings: Int) throws {
    let set = TensorSet((0..<layers).map { ("model.layers.\($0).mlp.up_proj.weight", .f32, [1, 1], [1]) })
    let anatomy = try set.anatomy()
    #expect(anatomy.layers == layers)
    #expect(LayerPairs.canBeTried(anatomy, anatomy) == canBeTried)
    #expect(LayerPairs.readings(8, anatomy, anatomy) == readings)
  }

  @Test("layers in another order are found up to that many, and none beyond", arguments: [4, 1025])
  func order(layers: Int) throws {
    let model = SyntheticModel(seed: 1, layers: 4, width: 8, neurons: 8)
    let moved = model.taking([0] + (1..<layers).map { 1 + $0 % 3 })
    let plain = model.taking((0..<layers).map { $0 % 4 })
    let folder = TemporaryFolder()
    let (candidate, foundation) = (try moved.anatomy(in: folder, as: "moved"), try plain.anatomy(in: folder, as: "plain"))
    let order = LayerOrder(candidate: candidate, foundation: foundation, workers: Workers(threads: 2))
    #expect(candidate.layers == layers && (order == nil) == (layers != 4))
    #expect(order.map { $0.isMoved && !$0.origins.isEmpty && $0.log10Tries > 0 } ?? true)
  }
}
