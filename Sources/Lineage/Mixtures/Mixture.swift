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
package struct Mixture: Sendable, Equatable {
  /// One of the models that were mixed.
  package struct Parent: Sendable, Equatable {
    /// Its place among the models.
    package let model: Int
    /// Its part in the whole, 0 … 1; all together make 1.
    package let share: Double
  }

  /// How the parents' shares are in one layer.
  package struct Layer: Sendable, Equatable {
    /// The layer; nil for what is outside of all layers.
    package let layer: Int?
    /// In the parents' order, all together 1.
    package let shares: [Double]
  }

  /// How they were mixed.
  package enum Kind: String, Sendable {
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
  package let candidate: Int
  /// Largest share first.
  package let parents: [Parent]
  /// The common ancestor to which task vectors were added.
  package let base: Int?
  /// How they were mixed.
  package let kind: Kind
  /// In the layers' order, those outside of all first.
  package let layers: [Layer]
  /// The norm of what the parents do not explain, by the candidate's: rounding alone, or tuning after the merge.
  package let residual: Double
  /// True when nothing but rounding is left.
  package let isExact: Bool
}
