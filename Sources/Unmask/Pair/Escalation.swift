import BasisRecovery
import Lineage
import WeightSimilarity

/// The order of the steps of a comparison, and the rules for its end.
package struct Escalation: Sendable {
  /// What follows a step, and why.
  package struct Decision: Sendable, Equatable {
    /// Why a comparison goes on, or ends.
    package enum Reason: String, Sendable, CaseIterable {
      /// Only the comparison in place was requested.
      case quick
      /// Every element is equal: nothing is left to find.
      case allEqual = "all_equal"
      /// The models are related, and every matrix is at the place of its counterpart.
      case allInPlace = "all_in_place"
      /// No common origin was found so far: rewrites may hide one.
      case notRelated = "not_related"
      /// The models are related, but some matrices are not at the place of a counterpart: they may have been rewritten.
      case displaced
      /// The models have different numbers of layers.
      case layersDiffer = "layers_differ"
      /// Every step was requested.
      case thorough
      /// A search that costs less, or sees more, comes first.
      case cheaperFirst = "cheaper_first"
      /// Neurons were matched, which tells the order and basis of the weights.
      case neuronsMatch = "neurons_match"
      /// A common origin is known, and no order and basis that could be undone.
      case related
      /// What was found can be measured now.
      case measurable
      /// All that was requested is done.
      case done
    }

    /// The next step; nil at the end.
    package let next: ComparisonStep?
    /// Why.
    package let reason: Reason
  }

  package let depth: Depth
  package let detail: ComparisonDetail

  /// What follows `step` when the comparison has come to `state`.
  func decision(after step: ComparisonStep, _ state: ComparisonState) -> Decision {
    switch step {
    case .inPlace:
      // A quick comparison always ends here. A standard one ends when every matrix is at its expected position. A thorough one
      // ends only when all is equal: its user suspects changes that a comparison in place does not show.
      guard isEnough(state.similarity, state.verdict, layersDiffer: state.layersDiffer) else {
        return Decision(next: .layerOrder, reason: doubt(state))
      }
      if depth == .quick { return Decision(next: last, reason: .quick) }
      return Decision(next: .gains, reason: state.verdict.relation == .identical ? .allEqual : .allInPlace)
    case .layerOrder:
      // Moved layers may have been the only mask.
      return depth != .thorough && Self.isConclusive(state.similarity, state.verdict)
        ? Decision(next: .gains, reason: .allInPlace) : Decision(next: .tables, reason: doubt(state))
    case .tables:
      // Tables need no basis, cost less, and see more kinds of rewrites. Neurons that they find may have a basis in common, and
      // neurons that they do not find may have been trained too long for them.
      return Decision(next: .neurons, reason: .cheaperFirst)
    case .neurons:
      // Only matched neurons determine the order and basis of the weights.
      if state.neurons.isKin && state.neurons.match != nil { return Decision(next: .alignment, reason: .neuronsMatch) }
      return state.mayShareHeads
        ? Decision(next: .heads, reason: .notRelated) : Decision(next: .gains, reason: .related)
    case .heads: return Decision(next: .gains, reason: .measurable)
    case .alignment:
      // The alignment has already compared the gains, in the foundation's coordinates.
      return state.alignment == nil
        ? Decision(next: .gains, reason: .measurable) : Decision(next: last, reason: last == nil ? .done : .measurable)
    case .gains: return Decision(next: last, reason: last == nil ? .done : .measurable)
    case .change: return Decision(next: nil, reason: .done)
    }
  }

  /// Why the results so far are not enough.
  private func doubt(_ state: ComparisonState) -> Decision.Reason {
    if depth == .thorough { return .thorough }
    if !state.verdict.relation.isKinship { return .notRelated }
    return Self.isConclusive(state.similarity, state.verdict) ? .layersDiffer : .displaced
  }

  /// The change by tuning is measured last, because it depends on all other results, and only when requested.
  private var last: ComparisonStep? { detail == .tuning ? .change : nil }

  /// Whether the in-place result is sufficient for the relation at this depth.
  func isEnough(_ similarity: InPlaceSimilarity, _ verdict: Verdict, layersDiffer: Bool) -> Bool {
    switch depth {
    case .quick: true
    case .standard: Self.isConclusive(similarity, verdict) && !layersDiffer
    case .thorough: verdict.relation == .identical
    }
  }

  /// True when the models are related and every matrix of every layer is at the position of its counterpart: the counterpart
  /// explains half of its energy, cos² ≥ ½. Any other matrix may have been rewritten, even if all others match.
  private static func isConclusive(_ similarity: InPlaceSimilarity, _ verdict: Verdict) -> Bool {
    guard verdict.relation.isKinship else { return false }
    let found = alike(similarity)
    return found.alike == found.matrices
  }

  /// The number of matrices in layers whose cosine is defined, and how many of them have a counterpart that explains half of their
  /// energy.
  static func alike(_ similarity: InPlaceSimilarity) -> (alike: Int, matrices: Int) {
    similarity.tensors.reduce(into: (0, 0)) { counts, tensor in
      guard tensor.layer != nil, tensor.isMatrix, let cosine = tensor.cosine else { return }
      counts.matrices += 1
      if TensorSimilarity.isInPlace(cosine: cosine) { counts.alike += 1 }
    }
  }
}
