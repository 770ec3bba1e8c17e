package import ModelAnatomy

/// A match of neurons with what it was found in: the neurons that were read, and the two models in the reading that matched.
///
/// An `Alignment` is made from it. Memory: all neurons that were read, some 300 MB a model of width 4096; it should not outlive the
/// alignment. The match alone is small.
package struct FoundNeurons: Sendable {
  /// What was found.
  package var match: BasisMatch
  /// The search over the neurons of both models.
  let recovery: BasisRecovery
  /// The candidate in the reading that matched.
  package let candidate: Anatomy
  /// The foundation in the reading that matched.
  package let foundation: Anatomy
}
