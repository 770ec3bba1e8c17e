/// How alike two models are in the foundation's coordinates, once what was re-ordered, rotated and traded is undone.
public struct AlignedSimilarity: Sendable, Equatable {
  /// One weight of the candidate.
  public struct Tensor: Sendable, Equatable {
    /// Its name.
    public var candidate: String
    /// Its counterpart's.
    public var foundation: String
    /// The candidate's layer; nil outside of all layers.
    public var layer: Int?
    /// The layer that it comes from.
    public var foundationLayer: Int?
    /// What both do.
    public var role: String
    /// The expert, where there are several.
    public var expert: Int?
    /// The candidate's shape.
    public var shape: [Int]
    /// Elements of the candidate's weight.
    public var parameters: Int
    /// Elements of it that have a counterpart: matched rows times the channels that both models have.
    public var matched: Int
    /// Σab / √(Σa²·Σb²) over the rows that both have, gains folded; nil when either is zero.
    public var cosine: Double?
  }

  /// By layer, role and expert, as in `Anatomy.weights`.
  public let tensors: [Tensor]

  /// Mean over all, weighted by parameters; nil when none is defined.
  public var overall: Double? { Self.mean(tensors) }

  /// Mean of the defined cosines, weighted by parameters.
  static func mean(_ tensors: some Sequence<Tensor>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1.cosine, weight: $1.parameters) }.value
  }
}
