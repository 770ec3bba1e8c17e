package import ModelAnatomy

/// How two models are read if the names of one of them give no roles: which tensor has which role in which layer.
package struct ReadingChoice: Sendable {
  /// The candidate as it is read.
  package let candidate: Anatomy
  /// The foundation as it is read.
  package let foundation: Anatomy
  /// log10 of the number of readings from which this one was taken. That number multiplies the p-values of the comparison.
  package let log10Tries: Double

  /// Two readings that were chosen among 10^`log10Tries` readings.
  package init(candidate: Anatomy, foundation: Anatomy, log10Tries: Double) {
    (self.candidate, self.foundation, self.log10Tries) = (candidate, foundation, log10Tries)
  }
}
