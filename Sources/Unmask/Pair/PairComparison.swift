package import BasisRecovery
package import ChangeAnalysis
package import Lineage
package import Threads
package import WeightSimilarity

/// Compares two models and decides their relation; `depth` bounds how far the search escalates.
///
/// ```swift
/// let comparison = PairComparison(pairing, depth: .standard, detail: .tuning, RunSettings())
/// comparison.verdict.relation  // .derived
/// ```
///
/// The steps and their order are those of ``Escalation``.
package struct PairComparison {
  let escalation: Escalation
  let run: RunSettings
  /// What was read of models that occur in several pairs.
  let cache: ComparisonCache?
  var state: ComparisonState
  /// What the completed steps found, in order.
  package private(set) var records: [StepRecord] = []

  /// The completed steps, in order.
  var steps: [ComparisonStep] { records.map(\.step) }
  /// The measurements of each pair of weights.
  package var similarity: InPlaceSimilarity { state.similarity }
  /// The conclusion from the measurements.
  package var verdict: Verdict { state.verdict }
  /// What tuning changed; nil where it was not measured, or where masks hide it.
  package var change: Change? { state.change }
  /// The transformation that undoes the candidate's masks; nil where there are none.
  package var alignment: Alignment? { state.isMasked ? state.alignment : nil }

  /// Reads both models in place, paired by `pairing`, and continues from that result. Throws when the run was cancelled, or when
  /// a step needs OpenBLAS and it is not installed.
  package init(
    _ pairing: Pairing, depth: Depth, detail: ComparisonDetail, _ run: RunSettings, progress: Progress? = nil,
    cache: ComparisonCache? = nil
  ) throws(UnmaskError) {
    if detail == .tuning, depth != .quick { ChangePass.prepare() }
    let inPlace = InPlaceComparison(pairing, depth: depth, workers: run.workers, progress: progress)
    let similarity = run.performing(.step(.inPlace), bytes: inPlace.bytes) { inPlace.run(run.workers, progress) }
    try self.init(similarity, of: pairing, depth: depth, detail: detail, run, cache: cache)
  }

  /// Continues from the in-place result of a pass.
  package init(
    _ similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, detail: ComparisonDetail, _ run: RunSettings,
    cache: ComparisonCache? = nil
  ) throws(UnmaskError) {
    (escalation, self.run, self.cache) = (Escalation(depth: depth, detail: detail), run, cache)
    state = ComparisonState(similarity, of: pairing, stored: pairing)
    var decision = note(.inPlace)
    while let next = decision.next {
      try run.checkCancelled()
      try run.performing(.step(next)) { () throws(UnmaskError) in try take(next) }
      decision = note(next)
    }
    // The result of a cancelled step is not valid.
    try run.checkCancelled()
  }

  /// Notes what a completed step found; returns what follows.
  private mutating func note(_ step: ComparisonStep) -> Escalation.Decision {
    let decision = escalation.decision(after: step, state)
    records.append(StepRecord(step: step, finding: finding(of: step), verdict: state.verdict, decision: decision))
    return decision
  }

  /// The verdict on the in-place result of a pass, and whether a comparison of `depth` needs no further step.
  static func inPlace(_ similarity: InPlaceSimilarity, layersDiffer: Bool, depth: Depth) -> (verdict: Verdict, isFinal: Bool) {
    let verdict = Verdict(of: similarity)
    let escalation = Escalation(depth: depth, detail: .relation)
    return (verdict, escalation.isEnough(similarity, verdict, layersDiffer: layersDiffer))
  }
}
