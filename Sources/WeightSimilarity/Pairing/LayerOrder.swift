/// Which layer of a foundation each layer of a candidate comes from.
///
/// ```swift
/// order.origins     // [0: 0, 1: 1, 2: 4, 3: 5]: two layers in the middle were dropped
/// order.isMoved     // true
/// ```
package struct LayerOrder: Sendable, Equatable {
  /// Layer number of the candidate → layer number of the foundation. A layer whose origin is not known is missing.
  package let origins: [Int: Int]
  /// log10 of the number of orders from which this one was chosen. That number multiplies the p-values of comparisons in this
  /// order.
  package let log10Tries: Double
  /// The numbers of the candidate's layers, ascending.
  package let candidateLayers: [Int]
  /// The numbers of the foundation's layers, ascending.
  package let foundationLayers: [Int]

  /// An order that was found among 10^`log10Tries` orders.
  package init(origins: [Int: Int], log10Tries: Double, candidateLayers: [Int], foundationLayers: [Int]) {
    (self.origins, self.log10Tries) = (origins, log10Tries)
    (self.candidateLayers, self.foundationLayers) = (candidateLayers, foundationLayers)
  }

  /// True when a layer comes from a layer with another number.
  package var isMoved: Bool { origins.contains { $0.key != $0.value } }

  /// The number of the candidate's layers that share their origin with a layer below them.
  package var repeated: Int { origins.count - Set(origins.values).count }
}
