import RealModule

/// One piece of evidence on which of two related models came first.
package struct DirectionEvidence: Sendable, Equatable {
  /// The observation.
  package let fact: DirectionFact
  /// Natural log-likelihoods, up to a common constant: the second descends from the first, the first from the second, and neither
  /// (both descend from a third that is not in the scan).
  let first: Double
  let second: Double
  let neither: Double
  /// The natural logarithm of the odds that the root of the family is on the first model's side of the edge, whatever the
  /// relation of the two.
  let side: Double

  init(_ fact: DirectionFact, first: Double = 0, second: Double = 0, neither: Double = 0, side: Double = 0) {
    self.fact = fact
    (self.first, self.second, self.neither, self.side) = (first, second, neither, side)
  }

  /// The natural logarithm of the odds that the first model came first, against the reverse.
  package var logOdds: Double { first - second + side }

  /// The odds of the more likely direction, at least 1.
  package var odds: Double { .exp(abs(logOdds)) }

  /// Whether it counts against both directions of descent.
  package var isAgainstBoth: Bool { max(first, second) < neither - TreeRule.againstBoth }

  /// This evidence with the two models exchanged.
  var reversed: DirectionEvidence { DirectionEvidence(fact, first: second, second: first, neither: neither, side: -side) }
}
