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
  /// The neurons of models that have other pairs.
  let cache: NeuronCache?
  var state: ComparisonState
  /// The steps that were taken, in their order.
  private(set) var steps: [ComparisonStep] = [.inPlace]

  /// What was found of each pair of weights.
  package var similarity: InPlaceSimilarity { state.similarity }
  /// What it means.
  package var verdict: Verdict { state.verdict }
  /// What tuning changed; nil where that was not looked at, or masks hide it.
  package var change: Change? { state.change }
  /// How the candidate's masks are undone; nil where there are none.
  package var alignment: Alignment? { state.isMasked ? state.alignment : nil }

  /// Reads both models in place, as `pairing` has them, and goes on from what that shows. Throws when the run was cancelled, or when a step needs
  /// OpenBLAS and it is not installed.
  package init(
    _ pairing: Pairing, depth: Depth, detail: ComparisonDetail, _ run: RunSettings, progress: Progress? = nil,
    cache: NeuronCache? = nil
  ) throws(UnmaskError) {
    if detail == .tuning, depth != .quick { ChangePass.prepare() }
    try self.init(
      InPlacePass(pairing, workers: run.workers, progress: progress).run(), of: pairing, depth: depth, detail: detail, run,
      cache: cache)
  }

  /// Goes on from what a pass found in place.
  package init(
    _ similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, detail: ComparisonDetail, _ run: RunSettings,
    cache: NeuronCache? = nil
  ) throws(UnmaskError) {
    (escalation, self.run, self.cache) = (Escalation(depth: depth, detail: detail), run, cache)
    state = ComparisonState(similarity, of: pairing, stored: pairing)
    var step = escalation.step(after: .inPlace, state)
    while let next = step {
      try run.checkCancelled()
      try take(next)
      steps.append(next)
      step = escalation.step(after: next, state)
    }
    // A step that was cancelled has found nothing that counts.
    try run.checkCancelled()
  }

  /// The verdict on what a pass found in place, and whether that is all that a comparison of `depth` looks at.
  static func inPlace(_ similarity: InPlaceSimilarity, layersDiffer: Bool, depth: Depth) -> (verdict: Verdict, isFinal: Bool) {
    let verdict = Verdict(of: similarity)
    let escalation = Escalation(depth: depth, detail: .relation)
    return (verdict, escalation.isEnough(similarity, verdict, layersDiffer: layersDiffer))
  }
}
