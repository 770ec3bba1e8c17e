import Testing

@testable import ModelAnatomy

@Suite struct LayerNamingTests {
  @Test(
    "the first number between dots is the layer",
    arguments: [
      ("model.layers.3.self_attn.q_proj.weight", "model.layers", 3, "self_attn.q_proj.weight"),
      ("transformer.h.11.attn.c_attn.weight", "transformer.h", 11, "attn.c_attn.weight"),
      ("encoder.layer.0.attention.self.query.bias", "encoder.layer", 0, "attention.self.query.bias"),
      ("0.weight", "", 0, "weight"),
    ])
  func place(name: String, stack: String, number: Int, rest: String) throws {
    let naming = try #require(LayerNaming.parse(name))
    #expect(naming.stack == stack && naming.number == number && naming.rest == rest && naming.expert == nil)
  }

  @Test("a number behind `experts` is the expert")
  func expert() throws {
    let naming = try #require(LayerNaming.parse("model.layers.3.mlp.experts.7.w1.weight"))
    #expect(naming.number == 3 && naming.expert == 7 && naming.rest == "mlp.experts.w1.weight")
  }

  @Test(
    "a name without a number, or that ends in one, has no layer",
    arguments: ["lm_head.weight", "model.norm.weight", "a.b.7", "1234567.weight", "é.٣.weight"])
  func none(name: String) {
    #expect(LayerNaming.parse(name) == nil)
  }

  @Test("a number glued to a word is understood on request")
  func glued() throws {
    let naming = try #require(LayerNaming.parseGlued("block_12.fc.weight"))
    #expect(naming.stack == "block_" && naming.number == 12 && naming.rest == "fc.weight")
  }

  @Test("Llama's names give canonical roles, whatever stands in front of the stack")
  func llama() {
    #expect(LlamaNaming.roleInside("self_attn.q_proj.weight") == .qProj)
    #expect(LlamaNaming.roleInside("self_attn.q_proj.bias")?.name == "q_proj.bias")
    #expect(LlamaNaming.roleInside("block_sparse_moe.experts.w2.weight") == .downProj)
    #expect(LlamaNaming.roleInside("self_attn.q_proj.qweight") == nil)
    #expect(
      LlamaNaming.roleOutside("language_model.model.embed_tokens.weight", stack: "language_model.model.layers") == .embedTokens)
    #expect(LlamaNaming.roleOutside("model.norm.weight", stack: "model.layers") == .finalNorm)
    #expect(LlamaNaming.roleOutside("lm_head.weight", stack: "model.layers") == .lmHead)
    #expect(LlamaNaming.roleOutside("norm.weight", stack: "transformer.h") == nil)
  }

  @Test("roles are ordered along the data's way, unknown ones behind")
  func order() {
    let sorted = [Role(name: "zeta"), .lmHead, .downProj, .qProj, .embedTokens, Role(name: "alpha")].sorted()
    #expect(sorted.map(\.name) == ["embed_tokens", "q_proj", "down_proj", "lm_head", "alpha", "zeta"])
  }
}
