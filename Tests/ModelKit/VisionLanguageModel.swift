import ElementTypes
package import TestKit

/// A small language model of Llama's names beside a vision tower of CLIP's names, of seeded normal weights.
package struct VisionLanguageModel {
  /// Tensors by name, in the order in which they are written.
  package private(set) var tensors: [(name: String, shape: [Int], values: [Float])] = []

  package init() {}

  /// With a language model: 4 layers, 64 wide. Equal seeds give equal weights.
  package func languageModel(seed: UInt64, prefix: String = "language_model.", noise: Float = 0) -> VisionLanguageModel {
    var random = SeededGenerator(seed)
    var other = SeededGenerator(seed &+ 1_000_003)
    var copy = self
    func add(_ name: String, _ shape: [Int]) {
      let count = shape.reduce(1, *)
      let values = (0..<count).map { _ in
        (shape.count == 1 ? 1 : 0) + 0.05 * Float(random.normal()) + (noise > 0 ? noise * 0.05 * Float(other.normal()) : 0)
      }
      copy.tensors.append((prefix + name, shape, values))
    }
    add("model.embed_tokens.weight", [256, 64])
    for layer in 0..<4 {
      let start = "model.layers.\(layer)."
      add(start + "input_layernorm.weight", [64])
      for name in ["q_proj", "k_proj", "v_proj", "o_proj"] { add(start + "self_attn.\(name).weight", [64, 64]) }
      add(start + "post_attention_layernorm.weight", [64])
      add(start + "mlp.gate_proj.weight", [160, 64])
      add(start + "mlp.up_proj.weight", [160, 64])
      add(start + "mlp.down_proj.weight", [64, 160])
    }
    add("model.norm.weight", [64])
    add("lm_head.weight", [256, 64])
    return copy
  }

  /// With a vision tower of `layers` layers, `width` wide.
  package func tower(
    seed: UInt64, layers: Int, width: Int, prefix: String = "vision_tower.vision_model."
  ) -> VisionLanguageModel {
    var random = SeededGenerator(seed)
    var copy = self
    func add(_ name: String, _ shape: [Int]) {
      let values = (0..<shape.reduce(1, *)).map { _ in 0.05 * Float(random.normal()) }
      copy.tensors.append((prefix + name, shape, values))
    }
    add("embeddings.patch_embedding.weight", [width, 3, 4, 4])
    add("embeddings.position_embedding.weight", [64, width])
    for layer in 0..<layers {
      let start = "encoder.layers.\(layer)."
      for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
        add(start + "self_attn.\(name).weight", [width, width])
        add(start + "self_attn.\(name).bias", [width])
      }
      add(start + "mlp.fc1.weight", [4 * width, width])
      add(start + "mlp.fc1.bias", [4 * width])
      add(start + "mlp.fc2.weight", [width, 4 * width])
      add(start + "mlp.fc2.bias", [width])
      for norm in ["layer_norm1", "layer_norm2"] {
        add(start + norm + ".weight", [width])
        add(start + norm + ".bias", [width])
      }
    }
    add("post_layernorm.weight", [width])
    add("post_layernorm.bias", [width])
    return copy
  }

  /// With the projector that leads from a tower of this width to the language model.
  package func projector(seed: UInt64, width: Int) -> VisionLanguageModel {
    var random = SeededGenerator(seed)
    var copy = self
    for (name, shape) in [("linear_1", [64, width]), ("linear_2", [64, 64])] {
      let values = (0..<shape.reduce(1, *)).map { _ in 0.05 * Float(random.normal()) }
      copy.tensors.append(("multi_modal_projector.\(name).weight", shape, values))
    }
    return copy
  }

  /// With other names for the tensors.
  package func renamed(_ name: (String) -> String) -> VisionLanguageModel {
    var copy = self
    copy.tensors = tensors.map { (name($0.name), $0.shape, $0.values) }
    return copy
  }

  /// Writes the model as a folder; returns its path.
  package func write(to folder: TemporaryFolder, as name: String) throws -> String {
    var builder = SafetensorsBuilder()
    for tensor in tensors { builder.add(tensor.name, .f32, shape: tensor.shape, floats: tensor.values) }
    try builder.write(to: folder, as: name + "/model.safetensors")
    return "\(folder.path)/\(name)"
  }
}
