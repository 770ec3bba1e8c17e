import ElementTypes
import TestKit
import Testing

@testable import ChangeAnalysis
@testable import WeightSimilarity

/// Abliteration of seeded models, and changes that resemble it.
@Suite struct RemovedDirectionTests {
  private let base = TunedModel(layers: 4, seed: 31)

  private func unit(_ random: inout SeededGenerator) -> [Double] {
    let vector = (0..<base.width).map { _ in random.normal() }
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / norm }
  }

  @Test("a direction that was removed from all layers is found, with and without the rows' norms", arguments: [false, true])
  func removed(keepsNorms: Bool) throws {
    var random = SeededGenerator(32)
    let direction = unit(&random)
    let found = try #require(
      try base.removing(direction, from: ["o_proj"], strengths: [0.4, 0.8, 1, 0.6], keepsNorms: keepsNorms)
        .removed(from: base, .bf16), "\(random)")
    #expect(found.roles == ["o_proj"] && found.layers == [0, 1, 2, 3] && found.matrices == 4, "\(random)")
    #expect(found.cosine > 0.99 && found.log10P < -6, "\(found)")
    #expect(found.areRowsRescaled == keepsNorms, "\(found)")
  }

  @Test("layers that were left alone are not among the layers of the direction")
  func someLayers() throws {
    var random = SeededGenerator(33)
    let found = try #require(
      try base.removing(unit(&random), from: ["o_proj"], strengths: [0, 0.8, 0.8, 0.4], keepsNorms: false)
        .removed(from: base, .bf16), "\(random)")
    #expect(found.layers == [1, 2, 3] && found.matrices == 3)
  }

  @Test("a direction that was strengthened, or that differs from layer to layer, was not removed")
  func others() throws {
    var random = SeededGenerator(34)
    let added = base.removing(unit(&random), from: ["o_proj"], strengths: [-0.5, -0.5, -0.5, -0.5], keepsNorms: false)
    #expect(try added.removed(from: base, .bf16) == nil, "\(random)")
    let apart = (0..<4).reduce(base) { model, layer in
      model.removing(unit(&random), from: ["o_proj"], strengths: (0..<4).map { $0 == layer ? 0.8 : 0 }, keepsNorms: false)
    }
    #expect(try apart.removed(from: base, .bf16) == nil, "\(random)")
  }

  @Test("LoRAs, also of rank 1, finetunings and noise are no abliteration", arguments: 40..<44)
  func innocent(seed: UInt64) throws {
    let base = TunedModel(layers: 4, seed: seed)
    for rank in [1, 2, 8] {
      #expect(
        try base.adding(rank: rank, to: ["o_proj"], scale: 0.2).removed(from: base, .bf16) == nil, "seed \(seed), rank \(rank)")
    }
    #expect(try base.adding(noise: 0.1, to: ["o_proj"]).removed(from: base, .bf16) == nil, "seed \(seed)")
    let both = base.adding(rank: 1, to: ["o_proj"], scale: 0.2).adding(noise: 0.02, to: Array(TunedModel.roles.keys))
    #expect(try both.removed(from: base, .f32) == nil, "seed \(seed)")
  }

  @Test("a LoRA of rank 1 that writes one direction in all layers did not remove it", arguments: 50..<54)
  func sharedLeft(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let direction = unit(&random)
    let tuned = base.writing(direction, to: "o_proj", &random)
    #expect(try tuned.removed(from: base, .bf16) == nil, "seed \(seed)")
  }
}
