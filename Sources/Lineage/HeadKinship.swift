import AttentionCircuits

/// The result of a match of attention heads by the rules of `Verdict.Rule`.
struct HeadKinship {
  /// The share of the candidate's heads that match the foundation's.
  let share: Double
  let log10P: Double
  let isKin: Bool
  /// Whether the test could have seen a copy.
  let hasPower: Bool

  init(_ match: CircuitMatch) {
    share = match.share
    log10P = match.log10P
    isKin = log10P <= Verdict.Rule.log10Significance && share - match.nullMean >= Verdict.Rule.leastExcess
    hasPower = match.log10PIfMost <= Verdict.Rule.log10Significance
  }
}
