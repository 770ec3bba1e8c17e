import TensorFiles

/// The tensors that a module has of one change, as they are found.
struct LowRankParts: Sendable {
  var a: Tensor?
  var b: Tensor?
  var bias: Tensor?
  var magnitudes: Tensor?
  var isEmbedding = false

  var tensors: [Tensor] { [a, b, bias, magnitudes].compactMap { $0 } }
}

/// A change of low rank to one parameter: B·A, and what goes with it.
struct LowRankChange: Sendable {
  /// `[r, in]`; for an embedding `[r, tokens]`; for E experts `[r·E, in]`.
  let a: Tensor
  /// `[out, r]`; for an embedding `[width, r]`; for E experts `[out, r·E]`, the expert varying fastest.
  let b: Tensor
  /// Added, times the scale, to the module's bias.
  let bias: Tensor?
  /// DoRA's lengths, one an output.
  let magnitudes: Tensor?
  /// Whether the factors are those of a token table.
  let isEmbedding: Bool

  /// The change when both factors are matrices that can be multiplied.
  init?(_ parts: LowRankParts) {
    guard let a = parts.a, let b = parts.b, a.shape.count == 2, b.shape.count == 2, b.shape[1] == a.shape[0] else { return nil }
    self.a = a
    self.b = b
    bias = parts.bias
    magnitudes = parts.magnitudes
    isEmbedding = parts.isEmbedding
  }

  /// Rank times experts.
  var width: Int { Int(b.shape[1]) }
  /// Outputs of one module; columns of an embedding.
  var outputs: Int { Int(b.shape[0]) }
  /// Inputs; tokens of an embedding.
  var inputs: Int { Int(a.shape[1]) }
}
