import BasisRecovery
import Lineage
import WeightSimilarity

/// The steps of a comparison, each more expensive than the previous one.
///
/// | step | question | cost |
/// |---|---|---|
/// | `inPlace` | Is each weight like the weight of the same role, layer and position? | one read of both models |
/// | `layerOrder` | Are the layers the same ones in another order or number? | a sample of each layer; one more read where they moved |
/// | `tables` | Do the neurons of a layer have the same angles to each other, whatever the basis? | two reads of the MLPs, products of a sample of their neurons |
/// | `neurons` | Are the same neurons there in any order and in any basis of the residual stream? | reads of some layers, products of their neurons |
/// | `heads` | Are the same attention heads there in any order and basis, although neurons are not? | reads attention, products of heads |
/// | `alignment` | Which order and basis, and how alike are the weights once both are undone? | a read of every layer; one more for aligned cosines |
/// | `gains` | Were the gains of the norms folded into the weights, or traded? | reads the gains |
/// | `change` | What did tuning change: which layers, and in how many directions? | a sample of the changed matrices |
package enum ComparisonStep: Sendable {
  case inPlace, layerOrder, tables, neurons, heads, alignment, gains, change
}

/// The order of the steps of a comparison, and the rules for its end.
package struct Escalation: Sendable {
  package let depth: Depth
  package let detail: ComparisonDetail

  /// The step that follows `step` when the comparison has come to `state`; nil when it is finished.
  func step(after step: ComparisonStep, _ state: ComparisonState) -> ComparisonStep? {
    switch step {
    case .inPlace:
      // A quick comparison always ends here. A standard one ends when every matrix is at its expected position. A thorough one
      // ends only when all is equal: its user suspects changes that a comparison in place does not show.
      guard isEnough(state.similarity, state.verdict, layersDiffer: state.layersDiffer) else { return .layerOrder }
      return depth == .quick ? last : .gains
    case .layerOrder:
      // Moved layers may have been the only mask.
      return depth != .thorough && Self.isConclusive(state.similarity, state.verdict) ? .gains : .tables
    case .tables:
      // Tables need no basis, cost less, and see more kinds of rewrites. Neurons that they find may have a basis in common, and
      // neurons that they do not find may have been trained too long for them.
      return .neurons
    case .neurons:
      // Only matched neurons determine the order and basis of the weights.
      if state.neurons.isKin && state.neurons.match != nil { return .alignment }
      return state.mayShareHeads ? .heads : .gains
    case .heads: return .gains
    case .alignment:
      // The alignment has already compared the gains, in the foundation's coordinates.
      return state.alignment == nil ? .gains : last
    case .gains: return last
    case .change: return nil
    }
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
    verdict.relation.isKinship
      && similarity.tensors.allSatisfy { tensor in
        tensor.layer == nil || !tensor.isMatrix || tensor.cosine.map(TensorSimilarity.isInPlace(cosine:)) ?? true
      }
  }
}
