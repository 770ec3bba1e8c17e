import ModelAnatomy
import WeightSimilarity

/// The limits on the work and the memory of a scan.
package struct ScanLimits: Sendable {
  /// Maximum number of models of a pass.
  package var mostModels: Int
  /// Maximum number of full comparisons, where all are compared with all; nil for no limit. The default is the number of pairs of
  /// a hundred models: the number of pairs grows with the square of the number of models, but the question is about their
  /// families.
  package var mostLooks: Int?
  /// The layers of a pass are written to the journal when the pass reads at least this many times the bytes that they need there.
  /// So a journal is never larger than a 32nd of the models, and a layer that is not kept is read again faster than it would be
  /// written.
  package var leastBytesKept: Int
  /// Maximum bytes of results of passes that are held in memory for full comparisons; the models of other passes are read again,
  /// pair by pair.
  package var heldBytes: Int

  package init(
    mostModels: Int = CollectionPass.mostModels, mostLooks: Int? = 100 * 99 / 2, leastBytesKept: Int = 32,
    heldBytes: Int = 256 << 20
  ) {
    (self.mostModels, self.mostLooks) = (mostModels, mostLooks)
    (self.leastBytesKept, self.heldBytes) = (leastBytesKept, heldBytes)
  }

  /// Whether the layers of a pass over these models are kept. In the journal a byte takes two digits.
  func keepsParts(of models: [Anatomy]) -> Bool {
    CollectionPass.bytes(of: models) >= leastBytesKept * 2 * CollectionPass.recordBytes(of: models)
  }
}
