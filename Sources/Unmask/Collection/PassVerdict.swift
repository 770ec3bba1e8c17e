import Lineage

/// The result of a pass over many models for one pair.
struct PassVerdict: Sendable {
  /// The number of the pair.
  var number: Int
  /// nil where only a comparison of elements can decide.
  var verdict: Verdict?
  /// Whether the pair needs no full comparison.
  var isFinal: Bool
}
