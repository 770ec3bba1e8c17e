package import ElementTypes

/// How many of `count` numbers of a coarse type are the numbers of a finer type rounded to nearest: `coarse[first + i]` against
/// `fine[first + i]`.
///
/// ```swift
/// roundedCount(f32, .f32, bf16, .bf16, from: 0, count: 4_096)   // 4096: a cast and nothing else
/// ```
///
/// Both types must have ``ElementType/mantissaBits``. Zeros are equal whatever their signs; a NaN is not the rounding of any
/// number. F64 is rounded via F32, which is wrong if the F32 value is half-way. Starts and `count` are in elements. O(`count`).
package func roundedCount(
  _ fine: RawSpan, _ fineType: ElementType, _ coarse: RawSpan, _ coarseType: ElementType, from first: Int, count: Int
) -> Int {
  guard fineType.mantissaBits != nil, let bits = coarseType.mantissaBits else { preconditionFailure("types without mantissas") }
  let drop = UInt32(max(0, 23 - bits))
  let half: UInt32 = drop == 0 ? 0 : 1 << (drop - 1) - 1
  let mask = UInt32.max << drop
  var (values, rounded) = ([Float](repeating: 0, count: pairBlock), [Float](repeating: 0, count: pairBlock))
  var found = 0
  for start in stride(from: 0, to: count, by: pairBlock) {
    let length = min(pairBlock, count - start)
    var own = values.mutableSpan
    widen(fine, as: fineType, from: first + start, count: length, into: &own)
    var other = rounded.mutableSpan
    widen(coarse, as: coarseType, from: first + start, count: length, into: &other)
    for i in 0..<length {
      let x = own[i]
      // Round to nearest, ties to even: add one more if the remaining last bit is odd.
      let odd = drop == 0 ? 0 : x.bitPattern >> drop & 1
      var nearest = Float(bitPattern: (x.bitPattern &+ half &+ odd) & mask)
      // Below 2⁻¹⁴ the numbers of f16 are multiples of 2⁻²⁴, which is the last bit of f32 numbers around ¾.
      if coarseType == .f16, abs(x) < 0x1p-14 { nearest = (x + 0.75) - 0.75 }
      found += nearest == other[i] ? 1 : 0
    }
  }
  return found
}
