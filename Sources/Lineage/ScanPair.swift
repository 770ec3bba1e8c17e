/// The verdict on one pair of a scan.
package struct ScanPair: Sendable, Equatable {
  /// Id of the candidate.
  package let candidate: String
  /// Id of the foundation.
  package let foundation: String
  /// The relation of the candidate to the foundation, with its figures.
  package let verdict: Verdict

  /// A pair from its parts.
  package init(candidate: String, foundation: String, verdict: Verdict) {
    self.candidate = candidate
    self.foundation = foundation
    self.verdict = verdict
  }
}
