/// How much of two models a sampled comparison read.
package struct InPlaceSample: Sendable, Hashable {
  /// The share of the candidate's parameters that was read, 0 … 1.
  package let share: Double
  /// Whether every number that was read is equal in both models.
  package let isEqual: Bool

  package init(share: Double, isEqual: Bool) { (self.share, self.isEqual) = (share, isEqual) }
}
