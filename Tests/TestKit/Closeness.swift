/// How many representable numbers `a` and `b` are apart: 0 for equal numbers (+0 and −0, or two NaN), and `Int.max` for
/// a NaN and a number.
package func ulps(_ a: Double, _ b: Double) -> Int {
  if a == b || (a.isNaN && b.isNaN) { return 0 }
  guard !a.isNaN, !b.isNaN else { return .max }
  // Bit patterns as a count from zero, negative numbers below it.
  func place(_ x: Double) -> Int {
    let magnitude = Int(x.magnitude.bitPattern)
    return x < 0 ? -magnitude : magnitude
  }
  let (distance, overflow) = place(a).subtractingReportingOverflow(place(b))
  return overflow ? .max : Int(clamping: distance.magnitude)
}

/// Whether `a` is within `tolerance` of `b`, relative to `scale` (or to `b`); equal infinities and two NaN are close.
package func isClose(_ a: Double, _ b: Double, within tolerance: Double, of scale: Double? = nil) -> Bool {
  a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * (scale ?? abs(b))
}
