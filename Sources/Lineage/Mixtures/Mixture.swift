package import MergeAnalysis

/// A model that was mixed from others weight by weight or layer by layer (<doc:Method>, section 4).
///
/// ```swift
/// for mixture in Mixture.find(in: found.matrices, models: names.count) {
///   print(mixture.candidate, mixture.parents.map { ($0.model, $0.share) })   // 7 [(2, 0.6), (4, 0.4)]
/// }
/// ```
///
/// Limits: a mixture of parents of one family that was tuned afterwards cannot be separated from a related model. A merge with
/// parents that are not in the scan is not found. Of three models on a line, the one in the middle is reported as the mixture,
/// because collinear relatives cannot be separated from a mixture and its parents.
package struct Mixture: Sendable, Equatable {
  /// One of the models that were mixed.
  package struct Parent: Sendable, Equatable {
    /// Its index among the models.
    package let model: Int
    /// Its share of the whole, 0 … 1; all shares sum to 1.
    package let share: Double
  }

  /// The parents' shares in one layer.
  package struct Layer: Sendable, Equatable {
    /// The layer; nil for weights outside of all layers.
    package let layer: Int?
    /// In the parents' order; the sum is 1.
    package let shares: [Double]
  }

  /// The method of mixing.
  package enum Kind: String, Sendable {
    /// A sum of the parents, weighted by their shares.
    case linear
    /// Along the arc between two parents: coefficients sum to more than 1.
    case spherical
    /// Each layer from one parent.
    case passthrough
    /// A base with the parents' differences from it added, by factors that sum to more than 1.
    case taskVectors = "task vectors"
    /// Each element from one of the parents, or between them by a rule for elements.
    case elementwise
  }

  /// The index of the mixed model among the models.
  package let candidate: Int
  /// Largest share first.
  package let parents: [Parent]
  /// The common ancestor to which task vectors were added.
  package let base: Int?
  /// The method of mixing.
  package let kind: Kind
  /// In the layers' order, those outside of all first.
  package let layers: [Layer]
  /// The norm of the part that the parents do not explain, relative to the candidate's norm: rounding alone, or tuning after the
  /// merge.
  package let residual: Double
  /// True if only rounding is left.
  package let isExact: Bool
  /// The method of merging; nil if it was not searched, or if the models could not be sampled.
  package var recipe: MergeRecipe?
}
