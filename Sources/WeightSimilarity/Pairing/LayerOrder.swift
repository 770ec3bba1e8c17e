/// Which layer of a foundation each layer of a candidate comes from.
///
/// ```swift
/// order.origins     // [0: 0, 1: 1, 2: 4, 3: 5]: two layers in the middle were dropped
/// order.isMoved     // true
/// ```
public struct LayerOrder: Sendable, Equatable {
  /// Layer number of the candidate → layer number of the foundation. A layer whose origin is not known is missing.
  public let origins: [Int: Int]
  /// log10 of the number of orders among which this one was chosen: it multiplies the p-values of what is compared in this order.
  public let log10Tries: Double
  /// The numbers of the candidate's layers, ascending.
  public let candidateLayers: [Int]
  /// The numbers of the foundation's layers, ascending.
  public let foundationLayers: [Int]

  /// An order that was found among 10^`log10Tries` orders.
  package init(origins: [Int: Int], log10Tries: Double, candidateLayers: [Int], foundationLayers: [Int]) {
    (self.origins, self.log10Tries) = (origins, log10Tries)
    (self.candidateLayers, self.foundationLayers) = (candidateLayers, foundationLayers)
  }

  /// True when a layer comes from a layer with another number.
  public var isMoved: Bool { origins.contains { $0.key != $0.value } }

  /// The number of the candidate's layers that share their origin with a layer below them.
  public var repeated: Int { origins.count - Set(origins.values).count }
}
