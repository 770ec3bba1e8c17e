import BasisRecovery
import ChangeAnalysis
import Lineage
import ModelAnatomy
import WeightSimilarity

/// What a comparison has found up to a step.
struct ComparisonState {
  /// The pairs of weights as they stand in the models.
  let stored: Pairing
  /// The pairs that `similarity` is of: those of `stored`, or of layers in another order.
  var pairing: Pairing
  var similarity: InPlaceSimilarity
  /// The search for neurons in any order and basis.
  var neurons = NeuronSearch.notMade
  /// What the alignment is made from, until it is made.
  var found: FoundNeurons?
  /// How the candidate's weights go over into the foundation's coordinates, whether or not they differ.
  var alignment: Alignment?
  /// What was done to the gains of the norms; nil where that was not looked at.
  var gains: GainRewrite?
  /// Whether a mask was found: another order, another basis, or gains that were folded or traded.
  var isMasked = false
  /// What tuning changed; nil where that was not looked at, or cannot be told.
  var change: Change?
  /// What all of it says. O(tensors) to make.
  private(set) var verdict: Verdict

  init(_ similarity: InPlaceSimilarity, of pairing: Pairing, stored: Pairing) {
    (self.stored, self.pairing, self.similarity) = (stored, pairing, similarity)
    verdict = Verdict(of: similarity)
  }

  /// Whether the models have different numbers of layers.
  var layersDiffer: Bool { stored.candidate.layers != stored.foundation.layers }

  /// Whether the models are related and differ: only then gains and tuning tell anything.
  var isTunedKin: Bool { verdict.relation.isKinship && verdict.relation != .identical }

  /// Makes the verdict anew from what is known.
  mutating func judge() {
    verdict = Verdict(of: similarity, neurons: neurons, alignment: alignment, gains: gains, change: change)
  }
}
