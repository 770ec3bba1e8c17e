/// Which expert of a foundation each dense layer of a candidate is compared with.
package struct ExpertChoice: Sendable, Equatable {
  /// The candidate's layer → the foundation's expert.
  package let experts: [Int: Int]
  /// log10 of the number of choices from which this one was taken. That number multiplies the p-values of the comparison.
  package let log10Tries: Double

  /// A choice among 10^`log10Tries` choices.
  package init(experts: [Int: Int], log10Tries: Double) { (self.experts, self.log10Tries) = (experts, log10Tries) }
}
