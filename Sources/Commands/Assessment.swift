import BasisRecovery
import ChangeAnalysis
import Lineage
import Matching
import ModelAnatomy
import Threads
import WeightSimilarity

/// One pair from anatomies to verdict, looking as hard as it was asked to.
struct Assessment {
  let similarity: InPlaceSimilarity
  let verdict: Verdict
  /// How the candidate's masks are undone, where there are any.
  var alignment: Alignment? { isMasked ? found : nil }
  /// What tuning changed; nil where that was not looked at, or masks hide it.
  let change: Change?
  private let neurons: NeuronSearch
  /// The alignment that was found, whether or not there is a mask in it.
  private let found: Alignment?
  private let gains: GainRewrite?
  private let isMasked: Bool
  /// The pairs that `similarity` is of.
  private let pairing: Pairing

  /// Compares in place, as `pairing` has it; where that is not conclusive (standard) or always (thorough), looks for the layers in another
  /// order and compares again where they moved, then for the neurons in any order and basis.
  ///
  /// `cache`: the neurons of models that have other pairs; `isAligned`: whether to compute the cosines in the foundation's coordinates where
  /// a mask was found; `isDetailed`: that, and what tuning changed.
  init(
    _ pairing: Pairing, depth: Depth, workers: Workers, progress: Progress?, cache: NeuronCache? = nil, isAligned: Bool = false,
    isDetailed: Bool = false
  ) {
    if isDetailed, depth != .quick { ChangePass.prepare() }
    self.init(
      InPlacePass(pairing, workers: workers, progress: progress).run(), of: pairing, depth: depth, workers: workers, cache: cache,
      isAligned: isAligned, isDetailed: isDetailed)
  }

  /// Goes on from what a pass found in place.
  init(
    _ similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, workers: Workers, cache: NeuronCache? = nil,
    isAligned: Bool = false, isDetailed: Bool = false
  ) {
    let found = Assessment(
      related: similarity, of: pairing, depth: depth, workers: workers, cache: cache, isFull: isAligned || isDetailed)
    self = isDetailed ? found.withChange(depth, workers) : found
  }

  /// The relation, with the masks undone where there are any.
  private init(
    related similarity: InPlaceSimilarity, of pairing: Pairing, depth: Depth, workers: Workers, cache: NeuronCache?, isFull: Bool
  ) {
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    let inPlace = Assessment(similarity: similarity, of: pairing)
    guard !Self.isEnough(similarity, inPlace.verdict, for: depth, layersDiffer: candidate.layers != foundation.layers) else {
      self = depth == .quick ? inPlace : inPlace.withGains(pairing, workers)
      return
    }
    let ordered = Self.withLayersInOrder(inPlace, pairing, workers)
    guard depth == .thorough || !Self.isConclusive(ordered.similarity, ordered.verdict) else {
      self = ordered.withGains(pairing, workers)
      return
    }
    let search = NeuronFinder.search(candidate: candidate, foundation: foundation, workers: workers, cache: cache)
    let found = Assessment(similarity: ordered.similarity, of: ordered.pairing, neurons: search.outcome)
    let alignment = search.outcome.isKin ? search.found.flatMap { Alignment($0, workers: workers) } : nil
    self = alignment.map { found.aligned($0, pairing, workers, isFull: isFull) } ?? found.withGains(pairing, workers)
  }

  /// The same with the neurons' masks undone: layers where the neurons have them, cosines in the foundation's coordinates, rewrites named.
  private func aligned(_ alignment: Alignment, _ pairing: Pairing, _ workers: Workers, isFull: Bool) -> Assessment {
    let order = alignment.layerOrder
    var (similarity, used) = (self.similarity, self.pairing)
    if order.isMoved, order.origins != similarity.order?.origins {
      used = pairing.reordered(by: order, workers: workers)
      similarity = InPlacePass(used, workers: workers, progress: nil).run()
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
    return Assessment(
      similarity: similarity, of: used, neurons: neurons, alignment: alignment, gains: gains, isMasked: isMasked)
  }

  /// The same with a word on the gains, where the models are kin in place.
  private func withGains(_ pairing: Pairing, _ workers: Workers) -> Assessment {
    guard verdict.relation.isKinship, verdict.relation != .identical else { return self }
    let gains = GainRewrite(
      candidate: pairing.candidate, foundation: pairing.foundation, layers: similarity.order?.origins ?? [:], channels: nil,
      workers: workers)
    return Assessment(similarity: similarity, of: self.pairing, neurons: neurons, gains: gains)
  }

  /// The same with what tuning changed, where the models are kin and equal places hold what they held: no mask, and gains as they were.
  private func withChange(_ depth: Depth, _ workers: Workers) -> Assessment {
    guard verdict.relation.isKinship, verdict.relation != .identical, !isMasked,
      !(gains.map { $0.areFolded || $0.areTraded } ?? false), Change(similarity) != nil
    else { return self }
    let measured =
      depth == .quick
      ? similarity : ChangePass(similarity, pairing, isThorough: depth == .thorough, workers: workers).run()
    return Assessment(
      similarity: measured, of: pairing, neurons: neurons, alignment: found, gains: gains, isMasked: isMasked,
      change: Change(measured))
  }

  /// The verdict on what a pass found in place, and whether that is all that `depth` looks at.
  static func inPlace(_ similarity: InPlaceSimilarity, layersDiffer: Bool, depth: Depth) -> (verdict: Verdict, isFinal: Bool) {
    let verdict = Verdict(of: similarity)
    return (verdict, isEnough(similarity, verdict, for: depth, layersDiffer: layersDiffer))
  }

  private static func isEnough(
    _ similarity: InPlaceSimilarity, _ verdict: Verdict, for depth: Depth, layersDiffer: Bool
  ) -> Bool {
    switch depth {
    case .quick: true
    case .standard: isConclusive(similarity, verdict) && !layersDiffer
    case .thorough: verdict.relation == .identical
    }
  }

  /// The same with the layers in the order in which they are found, where that is another one and shows as much.
  private static func withLayersInOrder(_ inPlace: Assessment, _ pairing: Pairing, _ workers: Workers) -> Assessment {
    guard let order = LayerOrderSearch.order(candidate: pairing.candidate, foundation: pairing.foundation, workers: workers)
    else {
      return inPlace
    }
    guard order.isMoved else { return Assessment(similarity: inPlace.similarity.searched(order), of: pairing) }
    let moved = Assessment(pairing.reordered(by: order, workers: workers), workers)
    // The order's tries count against it: kinship that is plain in place stays what it is.
    let isLost = inPlace.verdict.relation.isKinship && !moved.verdict.relation.isKinship
    return isLost ? inPlace : moved
  }

  /// True when the models are kin and every matrix of every layer is where its counterpart is: half of its energy, cos² ≥ ½, is the
  /// counterpart's. One that is not may have been rewritten, whatever the others say.
  private static func isConclusive(_ similarity: InPlaceSimilarity, _ verdict: Verdict) -> Bool {
    verdict.relation.isKinship
      && similarity.tensors.allSatisfy { tensor in
        tensor.layer == nil || !tensor.isMatrix || tensor.cosine.map(TensorSimilarity.isInPlace(cosine:)) ?? true
      }
  }

  private init(_ pairing: Pairing, _ workers: Workers) {
    self.init(similarity: InPlacePass(pairing, workers: workers, progress: nil).run(), of: pairing)
  }

  private init(
    similarity: InPlaceSimilarity, of pairing: Pairing, neurons: NeuronSearch = .notMade, alignment: Alignment? = nil,
    gains: GainRewrite? = nil, isMasked: Bool = false, change: Change? = nil
  ) {
    self.similarity = similarity
    self.pairing = pairing
    self.neurons = neurons
    self.gains = gains
    self.isMasked = isMasked
    self.change = change
    found = alignment
    verdict = Verdict(of: similarity, neurons: neurons, alignment: alignment, gains: gains, change: change)
  }
}
