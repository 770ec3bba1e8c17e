import Lineage
import ModelAnatomy
import WeightSimilarity

/// One pair from anatomies to verdict, looking as hard as it was asked to.
struct Assessment {
  let similarity: InPlaceSimilarity
  let verdict: Verdict
  private let neurons: NeuronSearch

  /// Compares in place, as `pairing` has it; where that is not conclusive (standard) or always (thorough), looks for the layers in another
  /// order and compares again where they moved, then for the neurons in any order and basis.
  ///
  /// `cache`: the neurons of models that have other pairs.
  init(_ pairing: Pairing, depth: Depth, workers: Workers, progress: Progress?, cache: NeuronCache? = nil) {
    self.init(
      InPlacePass(pairing, workers: workers, progress: progress).run(), of: pairing, depth: depth, workers: workers, cache: cache)
  }

  /// Goes on from what a pass found in place.
  init(_ similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, workers: Workers, cache: NeuronCache? = nil) {
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    let inPlace = Assessment(similarity: similarity)
    guard !inPlace.isEnough(for: depth, layersDiffer: candidate.layers != foundation.layers) else {
      self = inPlace
      return
    }
    let ordered = Self.withLayersInOrder(inPlace, pairing, workers)
    guard depth == .thorough || !ordered.isConclusive else {
      self = ordered
      return
    }
    let neurons = NeuronSearch(candidate: candidate, foundation: foundation, workers: workers, cache: cache)
    self = Assessment(similarity: ordered.similarity, neurons: neurons)
  }

  /// The verdict on what a pass found in place, and whether that is all that `depth` looks at.
  static func inPlace(_ similarity: InPlaceSimilarity, layersDiffer: Bool, depth: Depth) -> (verdict: Verdict, isFinal: Bool) {
    let found = Assessment(similarity: similarity)
    return (found.verdict, found.isEnough(for: depth, layersDiffer: layersDiffer))
  }

  private func isEnough(for depth: Depth, layersDiffer: Bool) -> Bool {
    switch depth {
    case .quick: true
    case .standard: isConclusive && !layersDiffer
    case .thorough: verdict.relation == .identical
    }
  }

  /// The same with the layers in the order in which they are found, where that is another one and shows as much.
  private static func withLayersInOrder(_ inPlace: Assessment, _ pairing: Pairing, _ workers: Workers) -> Assessment {
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    let order = LayerOrder(candidate: candidate, foundation: foundation, workers: workers)
    guard order.isMoved else { return Assessment(similarity: inPlace.similarity.searched(order)) }
    let choice = ExpertChoice(candidate: candidate, foundation: foundation, order: order, workers: workers)
    let pairs = Pairing(candidate: candidate, foundation: foundation, order: order, choice: choice, readings: pairing.readings)
    let moved = Assessment(pairs, workers, nil)
    // The order's tries count against it: kinship that is plain in place stays what it is.
    let isLost = inPlace.verdict.relation.isKinship && !moved.verdict.relation.isKinship
    return isLost ? inPlace : moved
  }

  /// True when the models are kin and every layer is where its counterpart is: half of its energy, cos² ≥ ½, is the
  /// counterpart's.
  private var isConclusive: Bool {
    verdict.relation.isKinship
      && similarity.layers.allSatisfy { layer in
        guard let cosine = layer.similarity.cosine else { return true }
        return cosine * cosine >= 0.5
      }
  }

  private init(_ pairing: Pairing, _ workers: Workers, _ progress: Progress?) {
    self.init(similarity: InPlacePass(pairing, workers: workers, progress: progress).run())
  }

  private init(similarity: InPlaceSimilarity, neurons: NeuronSearch = .notMade) {
    self.similarity = similarity
    self.neurons = neurons
    verdict = Verdict(of: similarity, neurons: neurons)
  }
}
