import TensorFiles

/// The parsed name of an adapter's tensor.
///
/// `base_model.model.model.layers.0.mlp.experts.base_layer.lora_A.weight` is the factor A of `model.layers.0.mlp.experts`, one
/// wrapper further in than `…experts.lora_A.weight`. The name of the adapter (`lora_A.default.weight`) is skipped: PEFT omits it,
/// other programs do not.
struct AdapterTensorName {
  /// The function of the tensor in its module.
  enum Part {
    /// One of the tensors of a change of low rank.
    case factor(WritableKeyPath<LowRankParts, Tensor?>, isEmbedding: Bool)
    /// Rows of a token table.
    case tokens
    /// A whole parameter after the change; `module` is its name.
    case whole
    /// Something else of a LoRA module.
    case unknown
  }

  /// The module (for a whole tensor the parameter) in the base's naming.
  let module: String
  /// The number of further wrappers around the module that the tensor changes.
  let depth: Int
  let part: Part

  init(_ name: String) {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.starts(with: ["base_model", "model"]), parts.count > 2 { parts.removeFirst(2) }
    let marker = parts.lastIndex { $0.hasPrefix("lora_") || $0 == "trainable_tokens_delta" }
    let around = marker.map { parts[..<$0] } ?? parts[...]
    depth = around.count { $0 == "base_layer" }
    module = Self.unwrapped(around).joined(separator: ".")
    part = marker.map { Self.part(parts[$0], parts[($0 + 1)...]) } ?? .whole
  }

  /// The components without those that PEFT's wrappers add.
  private static func unwrapped(_ parts: ArraySlice<Substring>) -> [Substring] {
    var kept: [Substring] = []
    var isAfterCopy = false
    for part in parts {
      defer { isAfterCopy = part == "modules_to_save" }
      if ["base_layer", "token_adapter", "modules_to_save"].contains(part) || (isAfterCopy && part == "default") { continue }
      kept.append(part)
    }
    return kept
  }

  private static func part(_ word: Substring, _ rest: ArraySlice<Substring>) -> Part {
    // The rest is empty, `weight` or `bias`, each with or without the adapter's name before it.
    let isBias = rest.last == "bias"
    guard rest.count <= (isBias || rest.last == "weight" ? 2 : 1) else { return .unknown }
    switch word {
    case "lora_A" where !isBias: return .factor(\.a, isEmbedding: false)
    case "lora_B": return .factor(isBias ? \.bias : \.b, isEmbedding: false)
    case "lora_embedding_A" where !isBias: return .factor(\.a, isEmbedding: true)
    case "lora_embedding_B" where !isBias: return .factor(\.b, isEmbedding: true)
    case "lora_magnitude_vector" where !isBias: return .factor(\.magnitudes, isEmbedding: false)
    case "trainable_tokens_delta" where !isBias: return .tokens
    default: return .unknown
    }
  }
}
