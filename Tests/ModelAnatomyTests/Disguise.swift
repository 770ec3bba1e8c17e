import ElementTypes
import Foundation
import Safetensors
import TestKit

@testable import ModelAnatomy

/// A real model with other names, and what every tensor really is.
///
/// ```swift
/// let disguise = try Disguise("zoo/llama-a", .random, seed: 7)
/// let readings = RoleInference.readings(of: disguise.parameters, in: disguise.checkpoint)
/// ```
struct Disguise {
  /// How the tensors are renamed.
  enum Style: String, CaseIterable {
    /// As it was.
    case none
    /// Other words, other separators, the number at the end and counted backwards from 40: `zq_fu@L37`.
    case backwards
    /// One list in the file's order: `t0` … `t57`.
    case flat
    /// Random names; the file has its tensors in the order that it had.
    case random
    /// Random names, in random order.
    case shuffled
  }

  /// What a tensor really is.
  struct Truth: Hashable {
    /// Its roles: several where it is fused.
    var roles: Set<String>
    /// Its layer; nil outside of all.
    var layer: Int?
    /// Its expert.
    var expert: Int?
  }

  let checkpoint: Checkpoint
  let parameters: [Parameter]
  let truth: [Truth]
  private let folder: TemporaryFolder

  /// The model at `path`, renamed.
  init(_ path: String, _ style: Style, seed: UInt64) throws {
    let original = try Checkpoint.open(path)
    var random = SeededGenerator(seed)
    var tensors = original.tensors.filter { $0.type.isFloatingPoint }
    if style == .shuffled { tensors.shuffle(using: &random) }
    var builder = SafetensorsBuilder()
    var truths: [String: Truth] = [:]
    var words: [String: String] = [:]
    for (i, tensor) in tensors.enumerated() {
      let truth = Self.truth(tensor.name.string)
      func word() -> String {
        String((0..<8).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement(using: &random) ?? "x" })
      }
      let name: String
      switch style {
      case .none: name = tensor.name.string
      case .flat: name = "t\(i)"
      case .random, .shuffled: name = word() + word()
      case .backwards:
        let place = LayerNaming.place(of: tensor.name.string)
        let rest = place?.rest ?? tensor.name.string
        let module = rest.split(separator: ".").dropLast().joined(separator: ".")
        if words[module] == nil { words[module] = String(word().filter { !$0.isNumber }) + "q" }
        name =
          words[module, default: ""] + (rest.hasSuffix("bias") ? "_b" : "_w") + (place.map { "@L\(40 - $0.number)" } ?? "")
          + (place?.expert.map { "x\($0)" } ?? "")
      }
      truths[name] = truth
      let bytes = original.run(of: tensor)?.withBytes { span in
        (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      }
      builder.add(name, tensor.type, shape: tensor.shape.map { Int($0) }, bytes: bytes ?? [])
    }
    folder = TemporaryFolder()
    checkpoint = try Checkpoint.open(try builder.write(to: folder))
    parameters = checkpoint.tensors.map { Parameter($0) }
    truth = parameters.map { truths[$0.name] ?? Truth(roles: []) }
  }

  /// Roles by the last words of a name, as the models of the zoo and of testdata have them.
  private static let known: [(String, Set<String>)] = [
    ("input_layernorm", ["input_norm"]), ("post_attention_layernorm", ["post_attention_norm"]), ("ln1", ["input_norm"]),
    ("ln2", ["post_attention_norm"]), ("ln_1", ["input_norm"]), ("ln_2", ["post_attention_norm"]), ("ln_f", ["final_norm"]),
    ("final_layer_norm", ["final_norm"]), ("model.norm", ["final_norm"]), ("lm_head", ["lm_head"]), ("embed_out", ["lm_head"]),
    ("output", ["lm_head"]), ("embed_tokens", ["embed_tokens"]), ("embed_in", ["embed_tokens"]), ("wte", ["embed_tokens"]),
    ("word_embeddings", ["embed_tokens"]), ("q_proj", ["q_proj"]), ("k_proj", ["k_proj"]), ("v_proj", ["v_proj"]),
    ("o_proj", ["o_proj"]), ("wq", ["q_proj"]), ("wk", ["k_proj"]), ("wv", ["v_proj"]), ("wo", ["o_proj"]),
    ("q_norm", ["q_norm"]), ("k_norm", ["k_norm"]), ("c_attn", ["q_proj", "k_proj", "v_proj"]),
    ("query_key_value", ["q_proj", "k_proj", "v_proj"]), ("qkv_proj", ["q_proj", "k_proj", "v_proj"]),
    ("attn.c_proj", ["o_proj"]), ("attention.dense", ["o_proj"]), ("c_fc", ["up_proj"]), ("mlp.c_proj", ["down_proj"]),
    ("dense_h_to_4h", ["up_proj"]), ("dense_4h_to_h", ["down_proj"]), ("gate_up_proj", ["gate_proj", "up_proj"]),
    ("gate_proj", ["gate_proj"]), ("up_proj", ["up_proj"]), ("down_proj", ["down_proj"]), ("w1", ["gate_proj"]),
    ("w3", ["up_proj"]), ("w2", ["down_proj"]), ("block_sparse_moe.gate", ["router"]), ("query", ["q_proj"]), ("key", ["k_proj"]),
    ("value", ["v_proj"]), ("attention.output.dense", ["o_proj"]), ("intermediate.dense", ["up_proj"]),
    ("output.dense", ["down_proj"]),
  ]

  private static func truth(_ name: String) -> Truth {
    let place = LayerNaming.place(of: name)
    let rest = place?.rest ?? name
    let module = rest.split(separator: ".").dropLast().joined(separator: ".")
    let found =
      known.filter { module == $0.0 || module.hasSuffix("." + $0.0) || name.hasSuffix($0.0 + ".weight") && $0.0.contains(".") }
      .max { $0.0.utf8.count < $1.0.utf8.count }?.1 ?? []
    let roles = rest.hasSuffix(".bias") ? Set(found.map { $0 + ".bias" }) : found
    return Truth(roles: roles, layer: place?.number, expert: place?.expert)
  }
}

extension RoleReading {
  /// The parameters that are placed otherwise than they are, and those that are known and not placed.
  func errors(_ truth: [Disguise.Truth]) -> [Int] {
    let placed = Dictionary(grouping: placements, by: \.parameter)
    return truth.indices.filter { index in
      Set(placed[index, default: []].map(\.role.name)) != truth[index].roles
    }
  }

  /// The share of layers all of whose matrices are of one true layer, out of those that are.
  func wholeLayers(_ truth: [Disguise.Truth], matrices: (Int) -> Bool) -> (whole: Int, all: Int) {
    let layers = Dictionary(grouping: placements.filter { $0.layer != nil && matrices($0.parameter) }, by: \.layer)
    return (layers.values.count { Set($0.map { truth[$0.parameter].layer }).count == 1 }, layers.count)
  }
}
