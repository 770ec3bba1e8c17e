/// A way in which weights are stored other than one matrix per tensor.
package enum StorageLayout: Sendable, Hashable {
  /// Matrices have their inputs first, as in GPT-2's `Conv1D`.
  case transposed
  /// One tensor holds several weights.
  case fused
  /// One tensor holds the experts of a layer.
  case stackedExperts
  /// The rows of queries and keys alternate between the two halves that a rotary embedding turns.
  case interleavedRotaryPairs
}
