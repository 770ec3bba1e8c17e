import ElementTypes
package import TensorFiles

/// A tensor that is not compared as a weight, and why.
package struct SkippedTensor: Sendable {
  /// Why a tensor is not a weight.
  package enum Reason: String, Sendable, CaseIterable {
    /// Computed from the architecture alone, equal in every model: rotary frequencies, causal masks, position indices.
    case buffer
    /// The codes, scales or zero points of a quantised matrix: as raw numbers they have no meaning.
    case quantised
    /// The scale for activations of a quantised model: measured, not learned.
    case activation
    /// Integers or booleans that no quantised layout explains.
    case integer
    /// No elements.
    case empty
  }

  /// The tensor as stored.
  package let tensor: Tensor
  /// Why it is not compared.
  package let reason: Reason
  /// Details of the reason, if known: the format of codes that cannot be read.
  package let detail: String?

  package init(tensor: Tensor, reason: Reason, detail: String? = nil) {
    self.tensor = tensor
    self.reason = reason
    self.detail = detail
  }
}

extension SkippedTensor {
  /// Names of buffers, which a module computes and does not learn, by their last components.
  private static let bufferEndings = [
    "inv_freq", "cos_cached", "sin_cached", "freqs_cis", "rope.freqs", "rope_freqs.weight", "rope_factors_long.weight",
    "rope_factors_short.weight", "masked_bias", "causal_mask", "attn_mask", "position_ids",
    "token_type_ids", "relative_position_index", "alibi", "slopes", "slope_rate", "query_decay", "key_decay", "diagonal_decay",
  ]

  /// Parameters that only quantised layouts have, by their last components.
  private static let quantisedEndings = [
    "qweight", "qzeros", "scales", "g_idx", "weight_packed", "weight_scale", "weight_shape", "weight_zero_point",
    "weight_g_idx", "weight_global_scale", "weight_scale_inv", "weight_scale_2",
    "weight.absmax", "weight.quant_map", "weight.nested_absmax", "weight.nested_quant_map",
    "weight.quant_state.bitsandbytes__nf4", "weight.quant_state.bitsandbytes__fp4", "SCB", "weight_format",
  ]

  /// Scales of activations: one number each.
  private static let activationEndings = [
    "input_scale", "input_global_scale", "input_zero_point", "output_scale", "activation_scale", "act_scale", "qscale_act",
    "q_scale", "k_scale", "v_scale", "prob_scale",
  ]

  /// The endings that mark `weight` beside them as codes rather than values.
  private static let scaleEndings = [
    "weight_scale", "weight_scale_inv", "weight_scale_2", "weight.absmax", "SCB", "weight_global_scale",
  ]

  /// Names with scales beside them: they are codes, if such tensors exist. O(length of all names).
  package static func scaled(in tensors: [Tensor]) -> Set<TensorName> {
    var found: Set<TensorName> = []
    for tensor in tensors {
      for ending in scaleEndings where tensor.name.ends(withComponents: ending) {
        found.insert(TensorName((tensor.name.stem(before: ending) ?? "") + "weight"))
      }
    }
    return found
  }

  /// Why `tensor` is not a weight, or nil if it is one. `scaled` holds the checkpoint's names with scales beside them.
  package static func reason(for tensor: Tensor, scaled: Set<TensorName>) -> Reason? {
    let name = tensor.name
    if tensor.elementCount == 0 { return .empty }
    if bufferEndings.contains(where: { name.ends(withComponents: $0) }) || isCausalMask(tensor) { return .buffer }
    if tensor.elementCount == 1, activationEndings.contains(where: { name.ends(withComponents: $0) }) { return .activation }
    if name.ends(with: "_blocks") || name.ends(with: "_scales") || scaled.contains(name)
      || quantisedEndings.contains(where: { name.ends(withComponents: $0) })
    {
      return .quantised
    }
    guard let type = tensor.type else { return .quantised }
    return type.isFloatingPoint ? nil : .integer
  }

  /// The stored mask of GPT-2, GPT-J, GPT-Neo and GPT-NeoX: one plane of zeros and ones for all heads.
  private static func isCausalMask(_ tensor: Tensor) -> Bool {
    tensor.shape.count == 4 && tensor.shape[0] == 1 && tensor.shape[1] == 1
      && (tensor.name.ends(withComponents: "attn.bias") || tensor.name.ends(withComponents: "attention.bias"))
  }
}
