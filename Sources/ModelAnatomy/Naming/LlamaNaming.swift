/// The naming that Llama introduced and most other models use: `model.layers.N.self_attn.q_proj.weight`.
///
/// It gives the role of a tensor from its name inside a layer or outside of all layers; wrappers before it (`language_model.`)
/// are ignored. Attention, dense MLPs, Mixtral-like and Qwen-like experts, biases, the query and key norms, and the two further
/// norms of Gemma 2 are known.
enum LlamaNaming {
  /// Inside a layer, from the module's path; the parameter (`weight`, `bias`) follows it.
  private static let modules: [String: String] = [
    "self_attn.q_proj": "q_proj", "self_attn.k_proj": "k_proj", "self_attn.v_proj": "v_proj", "self_attn.o_proj": "o_proj",
    "self_attn.q_norm": "q_norm", "self_attn.k_norm": "k_norm",
    "mlp.gate_proj": "gate_proj", "mlp.up_proj": "up_proj", "mlp.down_proj": "down_proj",
    "input_layernorm": "input_norm", "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "pre_feedforward_norm", "post_feedforward_layernorm": "post_feedforward_norm",
    "block_sparse_moe.gate": "router", "mlp.gate": "router",
    "block_sparse_moe.experts.w1": "gate_proj", "block_sparse_moe.experts.w3": "up_proj",
    "block_sparse_moe.experts.w2": "down_proj",
    "mlp.experts.gate_proj": "gate_proj", "mlp.experts.up_proj": "up_proj", "mlp.experts.down_proj": "down_proj",
  ]

  /// The role of `rest`, the name inside a layer, or nil when the naming does not know it.
  static func roleInside(_ rest: String) -> Role? {
    let (module, parameter) = moduleAndParameter(rest)
    guard let base = modules[module] else { return nil }
    switch parameter {
    case "weight": return Role(name: base)
    case "bias": return Role(name: base + ".bias")
    default: return nil
    }
  }

  /// The role of a tensor outside of all layers. `stack` is the main stack's name, such as `model.layers`: the final norm and the
  /// embedding have names next to it.
  static func roleOutside(_ name: String, stack: String) -> Role? {
    guard stack == "layers" || stack.hasSuffix(".layers") else { return nil }
    let prefix = String(stack.dropLast("layers".utf8.count))
    switch name {
    case prefix + "embed_tokens.weight": return .embedTokens
    case prefix + "norm.weight": return .finalNorm
    case prefix + "lm_head.weight": return .lmHead
    default: return name == "lm_head.weight" || name.hasSuffix(".lm_head.weight") ? .lmHead : nil
    }
  }

  private static func moduleAndParameter(_ rest: String) -> (module: String, parameter: String) {
    guard let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")) else { return ("", rest) }
    return (String(rest[..<dot]), String(rest[rest.utf8.index(after: dot)...]))
  }
}
