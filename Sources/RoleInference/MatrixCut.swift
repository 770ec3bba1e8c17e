import TensorViews

/// A matrix `[outputs, inputs]` that may be a part of a parameter.
struct MatrixCut: Hashable, Sendable {
  /// The index of the parameter.
  var parameter: Int
  /// The part of the parameter.
  var part = Parameter.Part.whole

  /// A side of a matrix: the one that counts neurons or channels of heads. The other side is the residual stream.
  enum Side: Hashable, Sendable {
    /// The outputs: the matrix reads the residual stream.
    case outputs
    /// The inputs: the matrix writes to the residual stream.
    case inputs
  }
}
