import AttentionCircuits
import BasisRecovery
import ChangeAnalysis
import Lineage
import ModelAnatomy
import NeuronTables
import WeightSimilarity

/// The results of a comparison up to a step.
struct ComparisonState {
  /// The pairs of weights at their stored positions.
  let stored: Pairing
  /// The pairs that `similarity` measures: the pairs of `stored`, or pairs of layers in another order.
  var pairing: Pairing
  var similarity: InPlaceSimilarity
  /// The search for neurons by their cosines with each other, without a basis.
  var tables = TableSearch.notMade
  /// The search for neurons in any order and basis.
  var neurons = NeuronSearch.notMade
  /// The search for attention heads in any order and basis.
  var heads = HeadSearch.notMade
  /// The input of the alignment, until the alignment is computed.
  var found: FoundNeurons?
  /// The transformation of the candidate's weights into the foundation's coordinates, even if it is trivial.
  var alignment: Alignment?
  /// How the gains of the norms were rewritten; nil where they were not compared.
  var gains: GainRewrite?
  /// Whether a mask was found: another order, another basis, or gains that were folded or traded.
  var isMasked = false
  /// What tuning changed; nil where it was not measured, or cannot be determined.
  var change: Change?
  /// The verdict from all results. O(tensors) to compute.
  private(set) var verdict: Verdict

  init(_ similarity: InPlaceSimilarity, of pairing: Pairing, stored: Pairing) {
    (self.stored, self.pairing, self.similarity) = (stored, pairing, similarity)
    verdict = Verdict(of: similarity)
  }

  /// Whether the models have different numbers of layers.
  var layersDiffer: Bool { stored.candidate.layers != stored.foundation.layers }

  /// Whether the models are related and differ: only then are gains and tuning informative.
  var isTunedKin: Bool { verdict.relation.isKinship && verdict.relation != .identical }

  /// Whether attention has to be tested: neither weights in place nor neurons show a common origin.
  var mayShareHeads: Bool { !verdict.relation.isKinship }

  /// Recomputes the verdict from the current results.
  mutating func judge() {
    verdict = Verdict(
      of: similarity, tables: tables, neurons: neurons, heads: heads, alignment: alignment, gains: gains, change: change)
  }
}
