import ElementTypes
import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// For a pair stored in two types: how many numbers of the coarser side are roundings of the finer side. Shows whether only the
/// type changed.
struct RoundedShare: Sendable {
  private var rounded = 0
  private var seen = 0

  /// The most elements of a piece that are sampled, a sixteenth of a million. Sampling all would double the time of a pass over
  /// two types.
  private static let most = 1 << 16

  init() {}

  /// Samples the first elements of a piece. Samples none if the types are equal, or are not types in which weights are trained.
  init(_ pair: WeightPair, _ elements: Range<Int>) {
    guard let candidate = pair.candidate.stored, let foundation = pair.foundation.stored,
      let candidateBits = candidate.type.mantissaBits, let foundationBits = foundation.type.mantissaBits,
      candidateBits != foundationBits
    else { return }
    let (fine, coarse) = foundationBits > candidateBits ? (foundation, candidate) : (candidate, foundation)
    seen = min(elements.count, Self.most)
    let count = seen
    rounded = fine.withBytes { bytes in
      coarse.withBytes { roundedCount(bytes, fine.type, $0, coarse.type, from: elements.lowerBound, count: count) }
    }
  }

  static func += (left: inout RoundedShare, right: RoundedShare) {
    left.rounded += right.rounded
    left.seen += right.seen
  }

  /// The share, 0 … 1; nil if nothing was sampled.
  var value: Double? { seen > 0 ? Double(rounded) / Double(seen) : nil }
}
