import TensorFiles

/// The tensors of one change to a module, collected while the file is read.
struct LowRankParts: Sendable {
  var a: Tensor?
  var b: Tensor?
  var bias: Tensor?
  var magnitudes: Tensor?
  var isEmbedding = false

  var tensors: [Tensor] { [a, b, bias, magnitudes].compactMap { $0 } }
}

/// A low-rank change to one parameter: B·A, with its optional bias and magnitudes.
struct LowRankChange: Sendable {
  /// `[r, in]`; for an embedding `[r, tokens]`; for E experts `[r·E, in]`.
  let a: Tensor
  /// `[out, r]`; for an embedding `[width, r]`; for E experts `[out, r·E]`, the expert varying fastest.
  let b: Tensor
  /// Multiplied by the scale and added to the module's bias.
  let bias: Tensor?
  /// DoRA's lengths, one for each output.
  let magnitudes: Tensor?
  /// Whether the factors belong to a token table.
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
