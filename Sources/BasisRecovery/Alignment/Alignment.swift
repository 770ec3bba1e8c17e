import LinearAlgebra
package import ModelAnatomy
package import Threads
package import WeightSimilarity

/// The map from the candidate's coordinates to the foundation's, from a match of neurons: channels, neurons, layers and heads.
///
/// ```swift
/// let search = NeuronFinder.search(candidate: candidate, foundation: foundation, workers: workers)
/// if let found = search.found, let alignment = Alignment(found, workers: workers) {
///   alignment.channels.isRotated        // true
///   alignment.neurons.arePermuted       // true
///   AlignedPass(alignment, workers: workers).run().overall     // 0.998: the cosine that the masks hid
/// }
/// ```
package struct Alignment: Sendable {
  /// The model whose origin you want to know.
  package let candidate: Anatomy
  /// The model that it comes from.
  package let foundation: Anatomy
  /// The pairs of corresponding residual channels.
  package let channels: ChannelMap
  /// How the neurons were changed: their order, signs and scales.
  package let neurons: NeuronMoves
  /// For each layer of the candidate, the foundation's layer that it comes from. Layers without an origin are missing.
  package let layers: [Int: Int]
  /// The matched heads of the layers whose attention has heads.
  package let heads: [HeadMatch]
  /// Whether scales were traded between values and outputs, and between keys and queries.
  package let headTrade: ScaleTrade
  /// Experts of the candidate that come from a dense MLP.
  package let copiedExperts: Int
  let units: [NeuronAlignment]
  let coordinates: SharedCoordinates

  /// The alignment for a match. nil if the match has no neurons, if none of its layers has an origin, and after a cancellation.
  ///
  /// Cost: the basis (about ten products of width³), one read of the attention, and its products (`HeadMatch`).
  package init?(_ found: FoundNeurons, workers: Workers) {
    let (match, candidate, foundation) = (found.match, found.candidate, found.foundation)
    guard !workers.isCancelled, let basis = found.recovery.basis(of: match), match.units.contains(where: { $0.origin != nil })
    else { return nil }
    let channels = ChannelMap(basis: basis)
    let coordinates = SharedCoordinates(channels, basis: basis)
    units = Self.units(of: found, coordinates, workers: workers)
    let layers = Self.layers(of: units)
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

  private static func units(
    of found: FoundNeurons, _ coordinates: SharedCoordinates, workers: Workers
  ) -> [NeuronAlignment] {
    let (match, recovery) = (found.match, found.recovery)
    let (candidate, foundation) = (WeightIndex(found.candidate), WeightIndex(found.foundation))
    @Sendable func neurons(_ index: WeightIndex, _ layer: Int, _ expert: Int?, _ roles: NeuronRoles) -> Int {
      index.first(roles.up, layer: layer, expert: expert)?.rows ?? 0
    }
    return workers.map(match.units.count) { index -> NeuronAlignment? in
      let unit = match.units[index]
      guard let origin = unit.origin, let layer = unit.originLayer else { return nil }
      let counts = (
        neurons(candidate, unit.layer, unit.expert, recovery.candidate[index].roles),
        neurons(foundation, layer, unit.originExpert, recovery.foundation[origin].roles)
      )
      return NeuronAlignment(unit, origin: origin, at: index, in: recovery, neurons: counts, coordinates)
    }.compactMap { $0 }
  }

  /// The origin of each layer. The experts of a layer may disagree: the layer from which most of them come is taken, the first in
  /// a tie.
  private static func layers(of units: [NeuronAlignment]) -> [Int: Int] {
    var votes: [Int: [Int: Int]] = [:]
    for unit in units { votes[unit.layer, default: [:]][unit.originLayer, default: 0] += 1 }
    return votes.compactMapValues { $0.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key }
  }

  /// The order of layers that the match found, for any basis.
  package var layerOrder: LayerOrder {
    LayerOrder(
      origins: layers, log10Tries: Double(candidate.layerNumbers.count) * Tries.log10(foundation.layerNumbers.count),
      candidateLayers: candidate.layerNumbers, foundationLayers: foundation.layerNumbers)
  }

  /// Heads with a lower likeness are not treated as the same head: one of the two products alone gives half of the likeness.
  static let leastLikeness = 0.5

  /// The heads that are treated as heads of the foundation.
  package var believedHeads: [HeadMatch.Group] { heads.flatMap(\.groups).filter { $0.likeness >= Self.leastLikeness } }

  /// True when heads, or queries of a key–value head, are in another order.
  package var areHeadsPermuted: Bool {
    heads.contains { match in
      let groups = match.groups.filter { $0.likeness >= Self.leastLikeness }
      func isOutOfOrder(_ numbers: [Int]) -> Bool { zip(numbers, numbers.dropFirst()).contains { $0 > $1 } }
      return isOutOfOrder(groups.map(\.candidate)) || groups.contains { isOutOfOrder($0.queries.map(\.candidate)) }
    }
  }
  /// True when the elements of heads were rotated.
  package var areHeadsRotated: Bool { believedHeads.contains { max($0.value.kind, $0.key.kind) > .opposite } }
  /// True when heads have the opposite sign.
  package var haveHeadsTurnedSigns: Bool { believedHeads.contains { $0.value.kind == .opposite || $0.key.kind == .opposite } }

  /// True when nothing was re-ordered, rotated or traded: the models have the same coordinates, except for the order of layers.
  package var isTrivial: Bool {
    channels.isSame && !neurons.arePermuted && !neurons.haveTurnedSigns && !neurons.trade.isFound && !areHeadsPermuted
      && !areHeadsRotated && !haveHeadsTurnedSigns && !headTrade.isFound
  }
}
