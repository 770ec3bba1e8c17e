import Checkpoints
import ElementTypes
import TensorFiles
import TestKit

@testable import ModelAnatomy

/// A checkpoint of named tensors of zeros, for whoever asks about names and shapes alone.
///
/// ```swift
/// let anatomy = try NamedTensors.anatomy([("model.norm.weight", [64])])
/// ```
enum NamedTensors {
  /// The anatomy of a checkpoint with these tensors, in this order.
  static func anatomy(
    _ tensors: [(name: String, shape: [Int])], types: [String: ElementType] = [:], file: String = "model.safetensors"
  ) throws -> Anatomy {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    for (name, shape) in tensors {
      let type = types[name] ?? .bf16
      // A shape with a zero may have other dimensions whose product overflows.
      let elements = shape.contains(0) ? 0 : shape.reduce(1, *)
      builder.add(name, type, shape: shape, bytes: Array(repeating: 0, count: elements * type.bits / 8))
    }
    return Anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: file)))
  }

  /// The tensors of a decoder in Llama's naming: width 8, 12 neurons, 2 heads of 4, one key-value head, 20 tokens.
  static func llama(
    layers: Range<Int> = 0..<2, prefix: String = "model.", head: Bool = true, inside extra: [(name: String, shape: [Int])] = []
  ) -> [(name: String, shape: [Int])] {
    var tensors: [(name: String, shape: [Int])] = [(prefix + "embed_tokens.weight", [20, 8]), (prefix + "norm.weight", [8])]
    if head { tensors.append(("lm_head.weight", [20, 8])) }
    for layer in layers {
      let inside: [(name: String, shape: [Int])] = [
        ("input_layernorm.weight", [8]), ("post_attention_layernorm.weight", [8]), ("self_attn.q_proj.weight", [8, 8]),
        ("self_attn.k_proj.weight", [4, 8]), ("self_attn.v_proj.weight", [4, 8]), ("self_attn.o_proj.weight", [8, 8]),
        ("mlp.gate_proj.weight", [12, 8]), ("mlp.up_proj.weight", [12, 8]), ("mlp.down_proj.weight", [8, 12]),
      ]
      tensors += (inside + extra).map { ("\(prefix)layers.\(layer).\($0.name)", $0.shape) }
    }
    return tensors
  }
}

extension Anatomy {
  /// The names of the roles in one layer (nil: outside of all), in order.
  func roles(in layer: Int?) -> [String] { weights.filter { $0.layer == layer }.map(\.role.name) }

  /// Why the tensor of this name was set aside.
  func reason(_ name: String) -> SetAside.Reason? { setAside.first { $0.tensor.name.string == name }?.reason }
}
