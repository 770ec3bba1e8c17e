import NeuronTables
import RealModule
package import Threads

/// What the neurons of two sketches have in common, for any order, scale and basis.
package struct NeuronMatch: Sendable, Equatable {
  /// A layer of the candidate, and the layer whose neurons it has.
  package struct Layer: Sendable, Equatable {
    package var layer: Int
    package var origin: Int?
    /// The share of its held-out neurons that agree.
    package var share: Double
    /// log10 of the p-value of this layer, corrected for all tries.
    package var log10P: Double

    /// Whether the layer comes from its origin, once the models are known to be related.
    package var isMapped: Bool { log10P <= -3 }
  }

  package var layers: [Layer]
  /// log10 of the p-value of the pair, at most 0; see `TableMatch`.
  package var log10P: Double
  /// The share of held-out neurons that agree, over all layers.
  package var share: Double

  /// The share of the candidate's layers that come from the known model.
  package var mappedShare: Double { Double(layers.count { $0.isMapped }) / Double(max(layers.count, 1)) }

  /// Compares two parts; nil if one has no neurons, or only one of them has gates.
  package init?(candidate: PartSketch, known: PartSketch, workers: Workers) {
    guard let own = candidate.neurons, let other = known.neurons, own.isGated == other.isGated else { return nil }
    let match = own.match(with: other, workers: workers)
    layers = match.units.map { Layer(layer: $0.layer, origin: $0.originLayer, share: $0.share, log10P: $0.log10P) }
    (log10P, share) = (match.log10P, match.share)
  }
}
