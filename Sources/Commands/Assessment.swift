import Lineage
import ModelAnatomy
import WeightSimilarity

/// One pair from anatomies to verdict, looking as hard as it was asked to.
struct Assessment {
  let similarity: InPlaceSimilarity
  let verdict: Verdict
  /// How the candidate's masks are undone, where there are any.
  let alignment: Alignment?
  private let neurons: NeuronSearch

  /// Compares in place, as `pairing` has it; where that is not conclusive (standard) or always (thorough), looks for the layers in another
  /// order and compares again where they moved, then for the neurons in any order and basis.
  ///
  /// `cache`: the neurons of models that have other pairs; `isAligned`: whether to compute the cosines in the foundation's coordinates
  /// where a mask was found.
  init(
    _ pairing: Pairing, depth: Depth, workers: Workers, progress: Progress?, cache: NeuronCache? = nil, isAligned: Bool = false
  ) {
    self.init(
      InPlacePass(pairing, workers: workers, progress: progress).run(), of: pairing, depth: depth, workers: workers, cache: cache,
      isAligned: isAligned)
  }

  /// Goes on from what a pass found in place.
  init(
    _ similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, workers: Workers, cache: NeuronCache? = nil,
    isAligned: Bool = false
  ) {
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    let inPlace = Assessment(similarity: similarity)
    guard !inPlace.isEnough(for: depth, layersDiffer: candidate.layers != foundation.layers) else {
      self = depth == .quick ? inPlace : inPlace.withGains(pairing, workers)
      return
    }
    let ordered = Self.withLayersInOrder(inPlace, pairing, workers)
    guard depth == .thorough || !ordered.isConclusive else {
      self = ordered.withGains(pairing, workers)
      return
    }
    let neurons = NeuronSearch(candidate: candidate, foundation: foundation, workers: workers, cache: cache)
    let found = Assessment(similarity: ordered.similarity, neurons: neurons)
    let alignment = neurons.isKin ? neurons.match.flatMap { Alignment($0, workers: workers) } : nil
    self = alignment.map { found.aligned($0, pairing, workers, isFull: isAligned) } ?? found.withGains(pairing, workers)
  }

  /// The same with the neurons' masks undone: layers where the neurons have them, cosines in the foundation's coordinates, rewrites named.
  private func aligned(_ alignment: Alignment, _ pairing: Pairing, _ workers: Workers, isFull: Bool) -> Assessment {
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    let order = LayerOrder(alignment)
    var similarity = self.similarity
    if order.isMoved, order.origins != similarity.order?.origins {
      let choice = ExpertChoice(candidate: candidate, foundation: foundation, order: order, workers: workers)
      let moved = Pairing(
        candidate: candidate, foundation: foundation, order: order, choice: choice, readings: pairing.readings)
      similarity = InPlacePass(moved, workers: workers, progress: nil).run()
    } else if similarity.order == nil || !order.origins.isEmpty {
      similarity = similarity.searched(order)
    }
    let gains = GainRewrite(
      candidate: alignment.candidate, foundation: alignment.foundation, layers: alignment.layers, channels: alignment.channels,
      workers: workers)
    let isMasked = !alignment.isTrivial || gains.areFolded || gains.areTraded
    if isFull, isMasked {
      similarity = similarity.aligned(with: AlignedPass(alignment, workers: workers).run())
    }
    return Assessment(similarity: similarity, neurons: neurons, alignment: alignment, gains: gains, isMasked: isMasked)
  }

  /// The same with a word on the gains, where the models are kin in place.
  private func withGains(_ pairing: Pairing, _ workers: Workers) -> Assessment {
    guard verdict.relation.isKinship, verdict.relation != .identical else { return self }
    let gains = GainRewrite(
      candidate: pairing.candidate, foundation: pairing.foundation, layers: similarity.order?.origins ?? [:], channels: nil,
      workers: workers)
    return Assessment(similarity: similarity, neurons: neurons, gains: gains)
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

  /// True when the models are kin and every matrix of every layer is where its counterpart is: half of its energy, cos² ≥ ½, is the
  /// counterpart's. One that is not may have been rewritten, whatever the others say.
  private var isConclusive: Bool {
    verdict.relation.isKinship
      && similarity.tensors.allSatisfy { tensor in
        guard tensor.layer != nil, tensor.isMatrix, let cosine = tensor.cosine else { return true }
        return cosine > 0 && cosine * cosine >= 0.5
      }
  }

  private init(_ pairing: Pairing, _ workers: Workers, _ progress: Progress?) {
    self.init(similarity: InPlacePass(pairing, workers: workers, progress: progress).run())
  }

  private init(
    similarity: InPlaceSimilarity, neurons: NeuronSearch = .notMade, alignment: Alignment? = nil, gains: GainRewrite? = nil,
    isMasked: Bool = false
  ) {
    self.similarity = similarity
    self.neurons = neurons
    self.alignment = isMasked ? alignment : nil
    verdict = Verdict(of: similarity, neurons: neurons, alignment: alignment, gains: gains)
  }
}
