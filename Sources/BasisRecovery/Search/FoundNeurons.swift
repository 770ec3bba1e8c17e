package import ModelAnatomy

/// A match of neurons with its sources: the neurons that were read, and the two models in the reading that matched.
///
/// It is the input of an `Alignment`. Memory: all neurons that were read, about 300 MB for a model of width 4096; it should not
/// be kept longer than the alignment. The match alone is small.
package struct FoundNeurons: Sendable {
  /// The match.
  package var match: BasisMatch
  /// The search over the neurons of both models.
  let recovery: BasisRecovery
  /// The candidate in the reading that matched.
  package let candidate: Anatomy
  /// The foundation in the reading that matched.
  package let foundation: Anatomy
}
