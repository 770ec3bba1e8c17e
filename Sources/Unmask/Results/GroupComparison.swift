import WeightSimilarity

/// The similarity of the matrices of a layer or of a role. Figures are means over the matrices, weighted by parameters; nil where
/// undefined.
public struct GroupComparison: Sendable, Equatable {
  /// The candidate's layer; nil for a role.
  public let layer: Int?
  /// The foundation's layer that the candidate's layer was compared with; nil for a role.
  public let foundationLayer: Int?
  /// The role, such as `q_proj`; nil for a layer.
  public let role: String?
  /// Cosine, −1 … 1.
  public let cosine: Double?
  /// Cosine in the foundation's coordinates, −1 … 1; nil where no mask was found.
  public let alignedCosine: Double?
  /// ‖candidate − foundation‖ / ‖foundation‖.
  public let relativeL2: Double?
  /// Share of elements that are equal, 0 … 1.
  public let equalShare: Double?
  /// Number of elements compared.
  public let parameters: Int

  init(_ group: GroupSimilarity, layer: Int? = nil, foundationLayer: Int? = nil, role: String? = nil) {
    (self.layer, self.foundationLayer, self.role) = (layer, foundationLayer, role)
    (cosine, alignedCosine, relativeL2) = (group.cosine, group.alignedCosine, group.relativeL2)
    (equalShare, parameters) = (group.equalShare, group.parameters)
  }
}
