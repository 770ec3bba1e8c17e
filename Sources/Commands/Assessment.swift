import Lineage
import ModelAnatomy
import WeightSimilarity

/// One pair from anatomies to verdict, looking as hard as it was asked to.
struct Assessment {
  let similarity: InPlaceSimilarity
  let verdict: Verdict

  /// Compares in place; where that is not conclusive (standard) or always (thorough), looks for the layers in another
  /// order and compares again where they moved.
  init(candidate: Anatomy, foundation: Anatomy, depth: Depth, workers: Workers, progress: Progress? = nil) {
    let inPlace = Assessment(Pairing(candidate: candidate, foundation: foundation), workers, progress)
    let isConclusive = inPlace.verdict.relation.isKinship && candidate.layers == foundation.layers
    guard depth != .quick, depth == .thorough || !isConclusive, inPlace.verdict.relation != .identical else {
      self = inPlace
      return
    }
    let order = LayerOrder(candidate: candidate, foundation: foundation, workers: workers)
    guard order.isMoved else {
      self = Assessment(similarity: inPlace.similarity.searched(order))
      return
    }
    self.init(Pairing(candidate: candidate, foundation: foundation, order: order), workers, nil)
  }

  private init(_ pairing: Pairing, _ workers: Workers, _ progress: Progress?) {
    self.init(similarity: InPlacePass(pairing, workers: workers, progress: progress).run())
  }

  private init(similarity: InPlaceSimilarity) {
    self.similarity = similarity
    verdict = Verdict(of: similarity)
  }
}
