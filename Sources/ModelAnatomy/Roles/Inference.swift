package import ReadingFacts

/// The inference of roles for a model whose names do not give them.
///
/// ```swift
/// if let inference = anatomy.inference { print(inference.notes) }
/// ```
package struct Inference: Sendable, Hashable {
  /// The inferred facts and their evidence, in the order of the inference.
  package let notes: [InferenceFact]
  /// Groups of roles that another likely reading exchanges (`gate_proj` and `up_proj`).
  package let undecided: [[String]]
  /// The distance of this reading from the most likely one, in standard deviations of the statistic for weights without any
  /// structure; 0 for the most likely reading.
  package let distance: Double
  /// The share of the parameters to which all likely readings give the same role and layer, 0 … 1.
  package let confidence: Double

  /// An inference with these notes; by default the reading is the only one and certain.
  package init(notes: [InferenceFact], undecided: [[String]] = [], distance: Double = 0, confidence: Double = 1) {
    self.notes = notes
    self.undecided = undecided
    self.distance = distance
    self.confidence = confidence
  }

  /// The warning for every result that depends on the roles.
  var warning: ReadingFact { .inferredRoles(notes, undecided: undecided) }
}
