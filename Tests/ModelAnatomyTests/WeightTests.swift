import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

@Suite struct WeightTests {
  @Test(
    "rows are outputs and columns inputs, whatever the rank",
    arguments: [
      ([], 1, 1, false), ([5], 1, 5, false), ([3, 4], 3, 4, true), ([1, 4], 1, 4, false), ([4, 1], 4, 1, false),
      // Experts in one tensor: each row of each expert is a row.
      ([2, 3, 32], 6, 32, true),
      // A convolution: the filter is the row, not its few taps.
      ([6, 5, 3], 6, 15, true), ([6, 1, 3, 3], 6, 9, true), ([4, 3, 1, 16], 12, 16, true),
    ] as [([Int], Int, Int, Bool)])
  func shapes(shape: [Int], rows: Int, columns: Int, isMatrix: Bool) throws {
    let weight = try #require(try NamedTensors.anatomy([("a.weight", shape)]).weights.first)
    #expect(weight.rows == rows && weight.columns == columns && weight.isMatrix == isMatrix)
    #expect(weight.parameters == rows * columns && weight.role.name == "a")
  }

  @Test("a tensor of no elements is set aside, also when its other dimensions are beyond any memory")
  func empty() throws {
    let shapes = [[0], [0, 4], [4, 0], [0, .max, 4]]
    let anatomy = try NamedTensors.anatomy(shapes.enumerated().map { ("t\($0.offset)", $0.element) })
    #expect(
      anatomy.weights.isEmpty && anatomy.skippedTensors.nonEmptyAllSatisfy { $0.reason == .empty }
        && anatomy.skippedTensors.count == 4)
    for item in anatomy.skippedTensors {
      let weight = Weight(stored: item.tensor, of: anatomy.checkpoint)
      #expect(weight.parameters == 0 && weight.rows * weight.columns == 0 && !weight.isMatrix)
    }
  }

  @Test(
    "tables whose rows have an order that models share are known, whatever the naming",
    arguments: [
      ("embed_tokens", true), ("lm_head", true), ("model.embed_tokens", true), ("gpt_neox.embed_in", true), ("router", true),
      ("wte", true), ("wpe", true),
      ("embeddings.position_embeddings", true), ("embeddings.word_embeddings", true),
      ("layer.0.SelfAttention.relative_attention_bias", true), ("q_proj", false), ("mlp.c_fc", false),
      ("attention.self.query", false),
    ])
  func rowOrder(name: String, hasMeaning: Bool) {
    #expect(Role(name: name).hasMeaningfulRowOrder == hasMeaning)
  }

  @Test("known roles stand in the order of the data's way, and each is known by its name")
  func roles() {
    #expect(Role(name: "q_proj") == .qProj && Role.qProj.isKnown && Role(name: "down_proj.bias").isKnown)
    #expect(!Role(name: "attn.c_attn").isKnown)
    #expect(Role.embedTokens.isTokenTable && Role.lmHead.isTokenTable && !Role.finalNorm.isTokenTable)
    let way: [Role] = [.inputNorm, .qProj, .kProj, .vProj, .oProj, .postAttentionNorm, .router, .gateProj, .upProj, .downProj]
    #expect(way.shuffled().sorted() == way)
    #expect("\(Role.qNorm) \(Role.kNorm)" == "q_norm k_norm")
  }
}
