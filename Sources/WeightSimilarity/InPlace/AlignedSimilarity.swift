import ModelAnatomy

/// How alike two models are in the foundation's coordinates, after masks are undone. Masks are another order of neurons, heads
/// and channels, rotations, and scales moved between matrices.
package struct AlignedSimilarity: Sendable, Equatable {
  /// One weight of the candidate.
  package struct Tensor: Sendable, Equatable {
    /// Name of the candidate's tensor.
    package var candidate: String
    /// Name of the foundation's tensor.
    package var foundation: String
    /// The candidate's layer; nil outside of all layers.
    package var layer: Int?
    /// The foundation's layer that the candidate's layer comes from.
    package var foundationLayer: Int?
    /// The name of the role that both have.
    package var role: String
    /// The candidate's expert; nil if its layer has one MLP.
    package var expert: Int?
    /// The candidate's shape.
    package var shape: [Int]
    /// Elements of the candidate's weight.
    package var parameters: Int
    /// Number of elements that have a counterpart: matched rows times the channels that both models have.
    package var matched: Int
    /// The cosine over the common rows, with gains folded, −1 … 1; nil when either norm is zero.
    package var cosine: Double?

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

  /// The weights, sorted by layer, role and expert, as in `Anatomy.weights`.
  package let tensors: [Tensor]

  /// The similarities of these weights.
  package init(tensors: [Tensor]) { self.tensors = tensors }

  /// Mean of all defined cosines, weighted by parameters; nil when none is defined.
  package var overall: Double? { Self.mean(tensors) }

  /// Mean of the defined cosines, weighted by parameters.
  package static func mean(_ tensors: some Sequence<Tensor>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1.cosine, weight: $1.parameters) }.value
  }
}
