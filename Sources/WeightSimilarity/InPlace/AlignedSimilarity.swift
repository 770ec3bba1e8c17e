import ModelAnatomy

/// How alike two models are in the foundation's coordinates, after masks are undone: neurons, heads and channels in another order,
/// rotations, and scales traded between matrices.
public struct AlignedSimilarity: Sendable, Equatable {
  /// One weight of the candidate.
  public struct Tensor: Sendable, Equatable {
    /// Name of the candidate's tensor.
    public var candidate: String
    /// Name of the foundation's tensor.
    public var foundation: String
    /// The candidate's layer; nil outside of all layers.
    public var layer: Int?
    /// The foundation's layer that it comes from.
    public var foundationLayer: Int?
    /// The name of the role that both have.
    public var role: String
    /// The candidate's expert; nil where its layer has one MLP.
    public var expert: Int?
    /// The candidate's shape.
    public var shape: [Int]
    /// Elements of the candidate's weight.
    public var parameters: Int
    /// Elements of it that have a counterpart: matched rows times the channels that both models have.
    public var matched: Int
    /// The cosine over the rows that both have, gains folded, −1 … 1; nil when either norm is zero.
    public var cosine: Double?

    /// One weight with its counterpart.
    package init(
      candidate: String, foundation: String, layer: Int?, foundationLayer: Int?, role: String, expert: Int?, shape: [Int],
      parameters: Int, matched: Int, cosine: Double?
    ) {
      (self.candidate, self.foundation) = (candidate, foundation)
      (self.layer, self.foundationLayer, self.role, self.expert) = (layer, foundationLayer, role, expert)
      (self.shape, self.parameters, self.matched, self.cosine) = (shape, parameters, matched, cosine)
    }

    /// Role, layer and expert of the candidate's weight.
    var key: WeightKey { WeightKey(role: Role(name: role), layer: layer, expert: expert) }
  }

  /// By layer, role and expert, as in `Anatomy.weights`.
  public let tensors: [Tensor]

  /// The similarities of these weights.
  package init(tensors: [Tensor]) { self.tensors = tensors }

  /// Mean over all, weighted by parameters; nil when none is defined.
  public var overall: Double? { Self.mean(tensors) }

  /// Mean of the defined cosines, weighted by parameters.
  package static func mean(_ tensors: some Sequence<Tensor>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1.cosine, weight: $1.parameters) }.value
  }
}
