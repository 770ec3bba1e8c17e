import ModelAnatomy
import WeightSimilarity

/// How much a scan does and keeps at most.
package struct ScanLimits: Sendable {
  /// Models of a pass.
  package var mostModels: Int
  /// Pairs that are looked at one by one where all are compared with all; nil for all of them. By default as many as a hundred models have:
  /// so many have always been looked at, and of more models the pairs grow with the square, while it is their families that one asks for.
  package var mostLooks: Int?
  /// A layer of a pass is kept in the journal when so many times the bytes that it takes there were read for it: a journal is
  /// never larger than a 32nd of the models, and what is not kept is read again faster than it would be written.
  package var leastBytesKept: Int
  /// Bytes of passes' results that are held in memory for the pairs that are looked at later; others are read again, pair by pair.
  package var heldBytes: Int

  package init(
    mostModels: Int = CollectionPass.mostModels, mostLooks: Int? = 100 * 99 / 2, leastBytesKept: Int = 32,
    heldBytes: Int = 256 << 20
  ) {
    (self.mostModels, self.mostLooks) = (mostModels, mostLooks)
    (self.leastBytesKept, self.heldBytes) = (leastBytesKept, heldBytes)
  }

  /// True when the layers of a pass over these models are kept. In the journal a byte is two letters.
  func keepsParts(of models: [Anatomy]) -> Bool {
    CollectionPass.bytes(of: models) >= leastBytesKept * 2 * CollectionPass.recordBytes(of: models)
  }
}
