/// The sums over pairs of numbers from two tensors, from which cosine, correlation, distance and equality are computed.
///
/// ```swift
/// let sums = pairSums(foundation, .bf16, from: 0, candidate, .f16, from: 0, count: 4_096)
/// sums.cosine         // 0.9971…, or nil when a norm is zero
/// sums.relativeL2     // ‖a−b‖ / ‖a‖
/// sums + otherSums    // of both runs of pairs
/// ```
///
/// `a` is the reference, to which distances and ratios are relative: the foundation. `b` is the candidate. Pairs of which either
/// number is a NaN or an infinity are left out of every sum and counted. The block sums are gathered by ``CompensatedSum``: `+`
/// gives the same bits in any grouping unless the blocks of one tensor differ in size by more than about 2³⁰ times.
///
/// Undefined values are nil: without pairs, without a norm, without variance (centred), and when a sum has left the range of
/// `Double` (only of F64 beyond 10¹⁵⁰).
package struct PairSums: Sendable, Equatable {
  /// Pairs seen, including the omitted ones.
  package var count = 0
  /// Pairs left out because one number or both are not finite.
  package var omitted = 0
  /// Numbers of the foundation that are not finite.
  package var nonFiniteA = 0
  /// Numbers of the candidate that are not finite.
  package var nonFiniteB = 0
  /// Pairs of equal values; +0 equals −0.
  package var equal = 0

  var abSum = CompensatedSum()
  var aaSum = CompensatedSum()
  var bbSum = CompensatedSum()
  var ddSum = CompensatedSum()
  var aSum = CompensatedSum()
  var bSum = CompensatedSum()

  /// The sums over no pairs.
  package init() {}

  /// Σ a·b.
  package var ab: Double { abSum.value }
  /// Σ a².
  package var aa: Double { aaSum.value }
  /// Σ b².
  package var bb: Double { bbSum.value }
  /// Σ (a−b)², summed directly: a difference far smaller than the numbers keeps its precision.
  package var dd: Double { ddSum.value }
  /// Σ a.
  package var a: Double { aSum.value }
  /// Σ b.
  package var b: Double { bSum.value }

  /// Pairs in the sums.
  package var included: Int { count - omitted }

  /// The sums over both runs of pairs.
  package static func + (left: PairSums, right: PairSums) -> PairSums {
    var sum = left
    sum += right
    return sum
  }

  /// Adds another run of pairs.
  package static func += (sum: inout PairSums, other: PairSums) {
    sum.count += other.count
    sum.omitted += other.omitted
    sum.nonFiniteA += other.nonFiniteA
    sum.nonFiniteB += other.nonFiniteB
    sum.equal += other.equal
    sum.abSum += other.abSum
    sum.aaSum += other.aaSum
    sum.bbSum += other.bbSum
    sum.ddSum += other.ddSum
    sum.aSum += other.aSum
    sum.bSum += other.bSum
  }
}
