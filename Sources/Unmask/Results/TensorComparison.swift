import WeightSimilarity

/// The similarity of two tensors, element by element. Undefined figures are nil, such as the cosine of a tensor of zero norm.
public struct TensorComparison: Sendable, Equatable {
  /// Name of the candidate's tensor.
  public let candidate: String
  /// Name of the foundation's tensor.
  public let foundation: String
  /// The candidate's layer; nil outside of all layers.
  public let layer: Int?
  /// The role of both, such as `q_proj`.
  public let role: String
  /// Cosine in the coordinates in which the tensors are stored, −1 … 1.
  public let cosine: Double?
  /// Cosine in the foundation's coordinates, −1 … 1; nil where no mask was found.
  public let alignedCosine: Double?
  /// ‖candidate − foundation‖ / ‖foundation‖.
  public let relativeL2: Double?
  /// Share of elements that are equal, 0 … 1.
  public let equalShare: Double?
  /// Number of elements compared.
  public let parameters: Int

  init(_ tensor: TensorSimilarity) {
    (candidate, foundation) = (tensor.candidate, tensor.foundation)
    (layer, role, parameters) = (tensor.layer, tensor.role, tensor.parameters)
    (cosine, alignedCosine) = (tensor.cosine, tensor.alignedCosine)
    (relativeL2, equalShare) = (tensor.relativeL2, tensor.equalShare)
  }
}
