package import Lineage

/// What one step of a comparison found, and what followed from it.
package struct StepRecord: Sendable {
  /// What a step found, beside the evidence of its tests, which the verdict has.
  package enum Finding: Sendable, Equatable {
    /// Of so many pairs of matrices in layers, so many have a counterpart that explains half of their energy.
    case alike(Int, of: Int)
    /// So many of the candidate's layers come from a layer with another number; nil where no order of the layers was found.
    case movedLayers(Int?)
    /// The step could not be made: a model has nothing of the kind that can be read, or too little.
    case impossible
    /// The step could not be made: the models have too many pairs of layers.
    case tooDeep
    /// A search was made; its evidence is in the verdict.
    case searched
    /// The order and the basis of the weights, and whether one of them differs from the foundation's.
    case aligned(isMasked: Bool)
    /// Whether the gains of the norms were folded into the weights, or traded with them.
    case gains(areFolded: Bool, areTraded: Bool)
    /// So many matrices changed; of so many of them the singular values of the change were measured.
    case changed(Int, measured: Int)
    /// Nothing was measured, because the result could not have been read: identical or unrelated models, masks.
    case notMeasured
  }

  /// The step.
  package let step: ComparisonStep
  /// What it found.
  package let finding: Finding
  /// The verdict from all results up to this step.
  package let verdict: Verdict
  /// What followed: another step, or the end.
  package let decision: Escalation.Decision

  /// The tests of this step. `before`: the record of the step before it.
  package func newEvidence(after before: StepRecord?) -> [Lineage.Evidence] {
    let known = Set(before?.verdict.evidence.map(\.test) ?? [])
    return verdict.evidence.filter { !known.contains($0.test) }
  }
}
