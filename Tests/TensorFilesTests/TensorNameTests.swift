import Testing

import TensorFiles

/// What is asked of every name of a model.
@Suite struct TensorNameTests {
  @Test(
    "a component is found by how it begins, behind a dot only",
    arguments: [
      ("base_model.model.q_proj.lora_A.weight", true), ("a.lora_embedding_A", true), ("é.lora_A.default.weight", true),
      ("lora_A.weight", false), ("a.xlora_A.weight", false), ("a.lora_B.weight", false), ("a.lora_", false), ("", false),
      (".", false),
    ])
  func component(_ name: String, _ expected: Bool) {
    #expect(TensorName(name).hasComponent(startingWith: ["lora_A", "lora_embedding_A"]) == expected)
  }

  @Test("names are equal and ordered by their bytes")
  func bytes() {
    #expect(TensorName("é.w") != TensorName("e\u{301}.w"))
    #expect(TensorName("Z") < TensorName("a") && TensorName("z") < TensorName("é"))
  }

  @Test("the ending of a name is found by its bytes, and by whole components")
  func endings() {
    let name = TensorName("model.layers.0.mlp.up_proj.weight")
    #expect(name.ends(with: "proj.weight") && name.ends(withComponents: "up_proj.weight"))
    #expect(!name.ends(withComponents: "proj.weight") && !name.ends(with: "weigh"))
    #expect(name.stem(before: ".weight") == "model.layers.0.mlp.up_proj")
    #expect(TensorName("weight").ends(withComponents: "weight") && TensorName("weight").stem(before: "weight") == nil)
    // An accent that follows belongs to the last character, but not to the bytes of the ending.
    #expect(!TensorName("a.weight\u{301}").ends(with: "weight"))
    #expect(TensorName("é.weight").ends(withComponents: "weight") && TensorName("é.weight").stem(before: ".weight") == "é")
  }
}
