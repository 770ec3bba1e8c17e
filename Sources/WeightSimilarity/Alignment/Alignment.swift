import LinearAlgebra
public import ModelAnatomy

/// How the candidate's coordinates become the foundation's: what a match of neurons says of channels, neurons, layers and heads.
///
/// ```swift
/// if let alignment = Alignment(match, workers: workers) {
///   alignment.channels.isRotated        // true
///   alignment.neurons.arePermuted       // true
///   AlignedPass(alignment, workers: workers).run().overall     // 0.998: the cosine that the masks hid
/// }
/// ```
public struct Alignment: Sendable {
  /// The model whose origin is in question.
  public let candidate: Anatomy
  /// The model that it comes from.
  public let foundation: Anatomy
  /// What became of the residual channels.
  public let channels: ChannelMap
  /// What became of the neurons.
  public let neurons: NeuronMoves
  /// Where the candidate's layers come from, by number; those without an origin are missing.
  public let layers: [Int: Int]
  /// The heads of the layers whose attention has them.
  public let heads: [HeadMatch]
  /// What went between values and outputs, and between keys and queries.
  public let headTrade: ScaleTrade
  /// Experts of the candidate that come from a dense MLP.
  public let copiedExperts: Int
  let units: [NeuronAlignment]
  let coordinates: SharedCoordinates

  /// nil when a match has no neurons, or no layer an origin, or was not made by a `NeuronSearch` of two anatomies.
  ///
  /// Cost: the basis (some ten products of width³), a read of the attention and its products (`HeadMatch`).
  public init?(_ match: BasisMatch, workers: Workers) {
    guard let (recovery, candidate, foundation) = match.search, let basis = recovery.basis(of: match),
      match.units.contains(where: { $0.origin != nil })
    else { return nil }
    let channels = ChannelMap(basis: basis)
    let coordinates = SharedCoordinates(channels, basis: basis)
    let (own, theirs) = (WeightPlaces(candidate), WeightPlaces(foundation))
    @Sendable func neurons(_ places: WeightPlaces, _ layer: Int, _ expert: Int?) -> Int {
      places.first(.upProj, layer: layer, expert: expert)?.rows ?? 0
    }
    units = workers.map(match.units.count) { place -> NeuronAlignment? in
      let unit = match.units[place]
      guard let origin = unit.origin, let layer = unit.originLayer else { return nil }
      return NeuronAlignment(
        unit, origin: origin, at: place, in: recovery,
        neurons: (neurons(own, unit.layer, unit.expert), neurons(theirs, layer, unit.originExpert)), coordinates)
    }.compactMap { $0 }
    // Experts of a layer may disagree: the layer is whose most of them are, the first among equals.
    var votes: [Int: [Int: Int]] = [:]
    for unit in units { votes[unit.layer, default: [:]][unit.originLayer, default: 0] += 1 }
    let layers = votes.compactMapValues { $0.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key }
    self.candidate = candidate
    self.foundation = foundation
    self.channels = channels
    self.coordinates = coordinates
    self.layers = layers
    self.neurons = NeuronMoves(match)
    copiedExperts = units.count { $0.expert != nil && $0.originExpert == nil }
    heads = Self.heads(
      candidate, foundation, layers, SharedCoordinates(channels, basis: basis, isSketched: true), workers: workers)
    headTrade = heads.flatMap(\.groups).reduce(into: ScaleTrade()) {
      $0.add($1.lengths.value, $1.lengths.output)
      $0.add($1.lengths.key, $1.lengths.query)
    }
  }

  /// Heads whose likeness is less are not believed to be the same: half of it would be that of unrelated factors of one product.
  static let leastLikeness = 0.5

  /// Heads that are believed to be the foundation's.
  public var believedHeads: [HeadMatch.Group] { heads.flatMap(\.groups).filter { $0.likeness >= Self.leastLikeness } }

  /// True when heads, or queries of a key–value head, stand in another order.
  public var areHeadsPermuted: Bool {
    heads.contains { match in
      let groups = match.groups.filter { $0.likeness >= Self.leastLikeness }
      func isOutOfOrder(_ numbers: [Int]) -> Bool { zip(numbers, numbers.dropFirst()).contains { $0 > $1 } }
      return isOutOfOrder(groups.map(\.candidate)) || groups.contains { isOutOfOrder($0.queries.map(\.candidate)) }
    }
  }
  /// True when heads were rotated inside.
  public var areHeadsRotated: Bool { believedHeads.contains { max($0.value.kind, $0.key.kind) > .opposite } }
  /// True when heads have the other sign.
  public var haveHeadsTurnedSigns: Bool { believedHeads.contains { $0.value.kind == .opposite || $0.key.kind == .opposite } }

  /// True when nothing was re-ordered, rotated or traded: the models are in the same coordinates but for the order of layers.
  public var isTrivial: Bool {
    channels.isSame && !neurons.arePermuted && !neurons.haveTurnedSigns && !neurons.trade.isFound && !areHeadsPermuted
      && !areHeadsRotated && !haveHeadsTurnedSigns && !headTrade.isFound
  }
}
