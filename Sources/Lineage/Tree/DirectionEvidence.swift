import RealModule

/// One piece of evidence on which of two relatives came first.
package struct DirectionEvidence: Sendable, Equatable {
  /// What was seen.
  package let fact: DirectionFact
  /// Natural log-likelihoods, up to a common constant: the second descends from the first, the first from the second, and neither (both
  /// descend from a third that is not here).
  let first: Double
  let second: Double
  let neither: Double
  /// The natural logarithm of the odds that the root of the family is on the first's side of the edge, whatever the two are to each other.
  let side: Double

  init(_ fact: DirectionFact, first: Double = 0, second: Double = 0, neither: Double = 0, side: Double = 0) {
    self.fact = fact
    (self.first, self.second, self.neither, self.side) = (first, second, neither, side)
  }

  /// Natural logarithm of the odds of "the first came first" against the other way round.
  package var logOdds: Double { first - second + side }

  /// The odds of the likelier direction, 1 and more.
  package var odds: Double { .exp(abs(logOdds)) }

  /// Whether it speaks against either of the two as the other's parent.
  package var isAgainstBoth: Bool { max(first, second) < neither - TreeRule.againstBoth }

  /// This evidence with the two models exchanged.
  var reversed: DirectionEvidence { DirectionEvidence(fact, first: second, second: first, neither: neither, side: -side) }
}
