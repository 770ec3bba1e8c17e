import Lineage

/// What a pass over many models says of one pair.
struct PassVerdict: Sendable {
  /// The number of the pair.
  var number: Int
  /// nil where only a comparison of elements can tell.
  var verdict: Verdict?
  /// Whether the pair needs no full comparison.
  var isFinal: Bool
}
