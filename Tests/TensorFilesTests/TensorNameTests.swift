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
}
