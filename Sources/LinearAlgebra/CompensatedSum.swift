/// A sum kept to twice the precision of `Double`, as an unevaluated sum of two.
///
/// ```swift
/// var sum = CompensatedSum(1)
/// sum += CompensatedSum(0x1p-80)
/// sum += CompensatedSum(-1)
/// sum.value  // 0x1p-80
/// ```
///
/// The sums of the blocks of a tensor have 53 bits each and similar size. They are added without any rounding, so that the total
/// does not depend on how the blocks were grouped. In general: error below 2⁻¹⁰⁴ of the largest partial sum per addition.
/// After an overflow or a NaN the result stays one, whatever follows.
///
/// Source: Joldes, Muller, Popescu, Tight and rigorous error bounds for basic building blocks of double-word arithmetic
/// (2017), algorithm 6 (accurate addition).
package struct CompensatedSum: Sendable, Hashable {
  private var high: Double
  private var low: Double

  /// A sum that is one number so far.
  package init(_ value: Double = 0) {
    high = value
    low = 0
  }

  /// The sum rounded to nearest.
  package var value: Double { high }

  /// Adds another sum: O(1), twenty additions.
  package static func += (sum: inout CompensatedSum, term: CompensatedSum) {
    let (s, e) = twoSum(sum.high, term.high)
    guard s.isFinite else {
      sum.high = s
      sum.low = 0
      return
    }
    let (t, f) = twoSum(sum.low, term.low)
    let (v, g) = fastTwoSum(s, e + t)
    (sum.high, sum.low) = fastTwoSum(v, f + g)
  }

  /// a + b and its rounding error.
  private static func twoSum(_ a: Double, _ b: Double) -> (Double, Double) {
    let s = a + b
    let bb = s - a
    return (s, (a - (s - bb)) + (b - bb))
  }

  /// a + b and its rounding error, for |a| ≥ |b|.
  private static func fastTwoSum(_ a: Double, _ b: Double) -> (Double, Double) {
    let s = a + b
    return (s, b - (s - a))
  }
}
