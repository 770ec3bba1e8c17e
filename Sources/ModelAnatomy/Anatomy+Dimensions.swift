public import ElementTypes
import Safetensors

/// The sizes that a model's tensors tell; nil where they do not.
public struct Dimensions: Sendable, Equatable {
  /// Width of the residual stream.
  public var hiddenSize: Int?
  /// Neurons of an MLP (of one expert).
  public var intermediateSize: Int?
  /// Query heads; shapes alone do not tell unless a norm or a stored frequency table gives the size of a head.
  public var attentionHeads: Int?
  /// Key and value heads, likewise.
  public var keyValueHeads: Int?
  /// Rows of the token embedding.
  public var vocabulary: Int?
  /// Experts of a layer; nil for a dense model.
  public var experts: Int?
}

extension Anatomy {
  /// The family whose names and roles the model has (`llama`, `qwen2`, `qwen3`, `mixtral`, …), or nil when no table knows
  /// its names. Members of the Llama family that differ in nothing that tensors show (Llama, Mistral, Yi, …) are `llama`.
  public var architecture: String? {
    let roles = Set(weights.map(\.role))
    guard roles.contains(.qProj), roles.contains(.kProj), roles.contains(.downProj) else { return nil }
    if roles.contains(Role(name: "pre_feedforward_norm")) { return roles.contains(.qNorm) ? "gemma3" : "gemma2" }
    if roles.contains(Role(name: "post_feedforward_norm")) { return "olmo2" }
    let hasExperts = roles.contains(.router)
    if roles.contains(.qNorm) { return hasExperts ? "qwen3_moe" : "qwen3" }
    if hasExperts { return "mixtral" }
    return roles.contains(Role(name: "q_proj.bias")) && !roles.contains(Role(name: "o_proj.bias")) ? "qwen2" : "llama"
  }

  /// The sizes, each read off the first tensor that tells it.
  public var dimensions: Dimensions {
    let first = { (role: Role) in weights.first { $0.role == role } }
    var found = Dimensions()
    found.hiddenSize = (first(.embedTokens) ?? first(.qProj) ?? first(.upProj))?.columns
    found.intermediateSize = (first(.gateProj) ?? first(.upProj))?.rows
    found.vocabulary = (first(.embedTokens) ?? first(.lmHead))?.rows
    found.experts = weights.compactMap(\.expert).max().map { $0 + 1 } ?? first(.router)?.rows
    if let head = headSize {
      found.attentionHeads = first(.qProj).flatMap { $0.rows % head == 0 ? $0.rows / head : nil }
      found.keyValueHeads = first(.kProj).flatMap { $0.rows % head == 0 ? $0.rows / head : nil }
    }
    return found
  }

  /// Elements of a head: the length of a per-head query norm, or twice the number of stored rotary frequencies.
  private var headSize: Int? {
    if let norm = weights.first(where: { $0.role == .qNorm }), let q = weights.first(where: { $0.role == .qProj }),
      norm.parameters > 0, norm.parameters < q.rows
    {
      return norm.parameters
    }
    let table = setAside.first { $0.reason == .buffer && $0.tensor.name.string.hasSuffix("inv_freq") }
    return table.map { $0.tensor.elementCount * 2 }
  }

  /// How most of the quantised weights are quantised (`4-bit GPTQ, group 128`), or the format of codes that cannot be read; nil
  /// when nothing is quantised.
  public var quantisation: String? {
    // Among equals the first by name, so that the choice does not depend on hashing.
    if let most = quantisations.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) { return most.key }
    let codes = setAside.filter { $0.reason == .quantised }
    return codes.isEmpty ? nil : codes.lazy.compactMap(\.detail).min() ?? "unknown"
  }

  /// How many tensors have each element type, of all tensors in the checkpoint.
  public var elementTypes: [ElementType: Int] {
    checkpoint.tensors.reduce(into: [:]) { $0[$1.type, default: 0] += 1 }
  }
}
