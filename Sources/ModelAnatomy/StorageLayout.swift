/// A way in which weights are stored other than one matrix a tensor.
package enum StorageLayout: Sendable, Hashable {
  /// Matrices have their inputs first, as in GPT-2's `Conv1D`.
  case transposed
  /// Several weights lie in one tensor.
  case fused
  /// The experts of a layer lie in one tensor.
  case stackedExperts
  /// The rows of queries and keys alternate between the two halves that a rotary embedding turns.
  case interleavedRotaryPairs
}
