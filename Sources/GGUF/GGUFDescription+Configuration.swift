internal import JSON

extension GGUFDescription {
  /// The keys of a model's sizes after the name of its architecture, and what Hugging Face's configurations call them.
  private static let names: [(key: String, name: String)] = [
    ("block_count", "num_hidden_layers"), ("context_length", "max_position_embeddings"), ("embedding_length", "hidden_size"),
    ("feed_forward_length", "intermediate_size"), ("attention.head_count", "num_attention_heads"),
    ("attention.head_count_kv", "num_key_value_heads"), ("attention.key_length", "head_dim"),
    ("attention.layer_norm_rms_epsilon", "rms_norm_eps"), ("attention.layer_norm_epsilon", "layer_norm_eps"),
    ("attention.sliding_window", "sliding_window"), ("attention.q_lora_rank", "q_lora_rank"),
    ("attention.kv_lora_rank", "kv_lora_rank"), ("rope.freq_base", "rope_theta"), ("rope.dimension_count", "rotary_dim"),
    ("expert_count", "num_experts"), ("expert_used_count", "num_experts_per_tok"),
    ("expert_feed_forward_length", "moe_intermediate_size"), ("expert_shared_count", "n_shared_experts"),
    ("vocab_size", "vocab_size"), ("ssm.state_size", "linear_key_head_dim"),
  ]

  /// The model's description: its sizes under the names of Hugging Face, and its architecture as the file names it under
  /// `gguf_architecture`. Sizes that differ between layers are arrays. nil if the file does not name an architecture.
  var configuration: JSONValue? {
    guard let architecture = value("general.architecture")?.string else { return nil }
    var members = [JSONValue.Member(key: "gguf_architecture", value: .string(architecture))]
    for (key, name) in Self.names {
      if let value = value("\(architecture).\(key)")?.json { members.append(JSONValue.Member(key: name, value: value)) }
    }
    if value("\(architecture).vocab_size") == nil, let count = value("tokenizer.ggml.tokens")?.count {
      members.append(JSONValue.Member(key: "vocab_size", value: .number(Double(count), text: "\(count)")))
    }
    return .object(members)
  }
}

extension GGUFValue {
  /// The value in a configuration; nil for one that is too long to be kept.
  fileprivate var json: JSONValue? {
    switch self {
    case .unsigned(let value): .number(Double(value), text: "\(value)")
    case .signed(let value): .number(Double(value), text: "\(value)")
    case .float(let value): .number(value, text: "\(value)")
    case .bool(let value): .bool(value)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.compactMap(\.json))
    case .long: nil
    }
  }
}
