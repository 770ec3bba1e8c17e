import TensorFiles
import TensorViews

/// The norm gain that feeds each weight.
struct GainIndex: Sendable {
  private struct Key: Hashable {
    var layer: Int?
    var role: String
  }

  private var indices: [Key: Int] = [:]
  private var offsets: Set<Int> = []
  private var isParallel = false
  private var isKnown = false

  /// Roles that read the norm before attention, or before the block that replaces attention.
  private static let attention: Set<Substring> = [
    "q_proj", "k_proj", "v_proj", "qkv_proj", "q_gate_proj", "q_proj.nope", "q_proj.rope", "q_a_proj", "kv_a_proj",
    "kv_a_proj.latent",
    "kv_a_proj.rope", "linear_attn.q_proj", "linear_attn.k_proj", "linear_attn.v_proj", "linear_attn.z_proj",
    "linear_attn.a_proj",
    "linear_attn.b_proj", "linear_attn.qkv_proj", "linear_attn.qkvz_proj", "linear_attn.ba_proj", "ssm.in_proj", "ssm.in_proj.x",
    "ssm.in_proj.z", "ssm.in_proj.B", "ssm.in_proj.C", "ssm.in_proj.dt", "conv.in_proj", "recurrent.x_proj", "recurrent.y_proj",
  ]

  /// Roles that read the norm before the MLP.
  private static let mlp: Set<Substring> = [
    "gate_proj", "up_proj", "gate_up_proj", "router", "shared_expert.gate_proj", "shared_expert.up_proj",
    "shared_expert.gate_up_proj",
    "shared_expert_gate", "receptance_proj",
  ]

  /// The gains among `weights`, which belong to `reading`.
  init(_ weights: [Weight], _ reading: Reading) {
    let names = Set(reading.offsetGains.map { reading.parameters[$0].tensor.name })
    for (i, weight) in weights.enumerated() where weight.role.isNormGain && !weight.isMatrix {
      indices[Key(layer: weight.layer, role: weight.role.name)] = i
      if names.contains(weight.tensor.name) { offsets.insert(i) }
    }
    isParallel = reading.isParallel
    isKnown = (reading.architecture != nil || reading.inference != nil) && !reading.isPostNorm
  }

  /// The index, in the weights, of the gain that feeds `weight`, and whether it is stored as an offset from one.
  func gain(of weight: Weight) -> (index: Int, isOffset: Bool)? {
    guard isKnown, weight.shape.count >= 2 else { return nil }
    let (front, word) = Self.split(weight.role.name)
    let roles: [String]
    if Self.attention.contains(word) {
      roles = ["input_norm"]
    } else if Self.mlp.contains(word) {
      roles = isParallel ? ["post_attention_norm", "input_norm"] : ["post_attention_norm"]
    } else if word == "lm_head" {
      roles = front.isEmpty ? ["final_norm", "decoder.final_norm"] : ["final_norm"]
    } else {
      return nil
    }
    let found = roles.lazy.compactMap { indices[Key(layer: weight.layer, role: front + $0)] }.first
    return found.map { ($0, offsets.contains($0)) }
  }

  /// A role without its prefix, and the prefix: a side, a further layer, or a layer of a tower.
  private static func split(_ role: String) -> (front: Substring, word: Substring) {
    var start = role.startIndex
    while true {
      let word = role[start...]
      if attention.contains(word) || mlp.contains(word) || word == "lm_head" { return (role[..<start], word) }
      guard let dot = word.utf8.firstIndex(of: UInt8(ascii: ".")) else { return ("", role[...]) }
      start = role.utf8.index(after: dot)
    }
  }
}
