import ElementTypes
import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// How many numbers of a pair that is stored in two types are the finer side's, rounded: whether a change of type is all that happened.
struct RoundedShare: Sendable {
  private var rounded = 0
  private var seen = 0

  /// Elements of a piece that are looked at, a sixteenth of a million: all of them would double the time of a pass over two types.
  private static let most = 1 << 16

  init() {}

  /// Looks at the first elements of a piece; at none where the types are one, or not those that weights are trained in.
  init(_ pair: WeightPair, _ elements: Range<Int>) {
    guard let a = pair.foundation.stored, let b = pair.candidate.stored, let p = a.type.mantissaBits, let q = b.type.mantissaBits,
      p != q
    else { return }
    let (fine, coarse) = p > q ? (a, b) : (b, a)
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

  /// nil where nothing was looked at.
  var value: Double? { seen > 0 ? Double(rounded) / Double(seen) : nil }
}
