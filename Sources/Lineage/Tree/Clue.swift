import RealModule

/// One piece of evidence on who of two relatives came first.
public struct Clue: Sendable, Equatable {
  /// What was seen and what it says, for people.
  public let what: String
  /// Log-likelihoods, up to a common constant: of the first before the second, the second before the first, and neither (both
  /// descend from a third that is not here).
  let first: Double
  let second: Double
  let neither: Double
  /// The logarithm of the odds that the family's first is on the first's side of the edge, whatever the two are to each other.
  let side: Double

  init(_ what: String, first: Double = 0, second: Double = 0, neither: Double = 0, side: Double = 0) {
    self.what = what
    (self.first, self.second, self.neither, self.side) = (first, second, neither, side)
  }

  /// Natural logarithm of the odds of "the first came first" against the other way round.
  public var logOdds: Double { first - second + side }

  /// The odds of the likelier direction, 1 and more.
  public var odds: Double { .exp(abs(logOdds)) }

  /// Whether it speaks against either of the two as the other's parent.
  public var isAgainstBoth: Bool { max(first, second) < neither - 1 }

  /// The same with the two exchanged.
  var reversed: Clue { Clue(what, first: second, second: first, neither: neither, side: -side) }
}
