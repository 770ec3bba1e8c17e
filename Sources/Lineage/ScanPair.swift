/// The verdict on one pair of a scan.
public struct ScanPair: Sendable, Equatable {
  /// Id of the candidate.
  public let candidate: String
  /// Id of the foundation.
  public let foundation: String
  /// The relation of the candidate to the foundation, with its figures.
  public let verdict: Verdict

  /// A pair from its parts.
  public init(candidate: String, foundation: String, verdict: Verdict) {
    self.candidate = candidate
    self.foundation = foundation
    self.verdict = verdict
  }
}
