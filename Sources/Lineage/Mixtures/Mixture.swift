/// A model that was mixed from others weight by weight or layer by layer (<doc:Method>, section 4).
///
/// ```swift
/// for mixture in Mixture.find(in: found.matrices, models: names.count) {
///   print(mixture.candidate, mixture.parents.map { ($0.model, $0.share) })   // 7 [(2, 0.6), (4, 0.4)]
/// }
/// ```
///
/// What it does not promise: a mixture of parents of one family that was tuned afterwards is not told from a relative; nor a merge
/// with parents that are not here. Two collinear relatives more than a mixture and its parents cannot be told apart either: of
/// three models on a line, the one in the middle is the mixture.
public struct Mixture: Sendable, Equatable {
  /// One of the models that were mixed.
  public struct Parent: Sendable, Equatable {
    /// Its place among the models.
    public let model: Int
    /// Its part in the whole, 0 … 1; all together make 1.
    public let share: Double
  }

  /// How the parents' shares are in one layer.
  public struct Layer: Sendable, Equatable {
    /// The layer; nil for what is outside of all layers.
    public let layer: Int?
    /// In the parents' order, all together 1.
    public let shares: [Double]
  }

  /// How they were mixed.
  public enum Kind: String, Sendable {
    /// Σ of shares of each parent.
    case linear
    /// Along the arc between two parents: coefficients sum to more than 1.
    case spherical
    /// Each layer from one parent.
    case passthrough
    /// A base with the parents' differences from it added, by factors that sum to more than 1.
    case taskVectors = "task vectors"
  }

  /// The mixed model's place among the models.
  public let candidate: Int
  /// Largest share first.
  public let parents: [Parent]
  /// The common ancestor to which task vectors were added.
  public let base: Int?
  /// How they were mixed.
  public let kind: Kind
  /// In the layers' order, those outside of all first.
  public let layers: [Layer]
  /// The norm of what the parents do not explain, by the candidate's: rounding alone, or tuning after the merge.
  public let residual: Double
  /// True when nothing but rounding is left.
  public let isExact: Bool
}
