import ModelAnatomy
import WeightSimilarity

/// How much a scan does and keeps at most.
struct ScanLimits {
  /// Models of a pass.
  var mostModels = CollectionPass.mostModels
  /// Pairs that are looked at one by one where all are compared with all; nil for all of them. By default as many as a hundred models have:
  /// so many have always been looked at, and of more models the pairs grow with the square, while it is their families that one asks for.
  var mostLooks: Int? = 100 * 99 / 2
  /// A layer of a pass is kept in the journal when so many times the bytes that it takes there were read for it: a journal is
  /// never larger than a 32nd of the models, and what is not kept is read again faster than it would be written.
  var leastBytesKept = 32
  /// Bytes of passes' results that are held in memory for the pairs that are looked at later; others are read again, pair by pair.
  var heldBytes = 256 << 20

  /// True when the layers of a pass over these models are kept. In the journal a byte is two letters.
  func keepsParts(of models: [Anatomy]) -> Bool {
    CollectionPass.bytes(of: models) >= leastBytesKept * 2 * CollectionPass.recordBytes(of: models)
  }
}
