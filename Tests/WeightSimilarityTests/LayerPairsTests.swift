import ElementTypes
import ModelAnatomy
import ModelKit
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
}
