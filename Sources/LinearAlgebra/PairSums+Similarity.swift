extension PairSums {
  /// Σab / (‖a‖·‖b‖), in −1…1; nil when a norm is zero or out of range.
  package var cosine: Double? {
    Self.cosine(ab, aa, bb)
  }

  /// The cosine after the mean of each side is subtracted (Pearson's correlation), in −1…1; nil when a side is constant.
  ///
  /// A side whose variance is below 2⁻⁴⁴ of its mean square counts as constant: less cannot be distinguished from rounding.
  /// Between that and 2⁻²² the error can be above 1e-6, because rounding, 1e-13 of the mean square, then becomes visible.
  package var centredCosine: Double? {
    let n = Double(included)
    guard n > 0 else { return nil }
    let (aaCentred, bbCentred) = (aa - a * (a / n), bb - b * (b / n))
    guard aaCentred > 0x1p-44 * aa, bbCentred > 0x1p-44 * bb else { return nil }
    return Self.cosine(ab - a * (b / n), aaCentred, bbCentred)
  }

  /// ‖a−b‖ / ‖a‖; nil when the foundation's norm is zero or a sum out of range.
  package var relativeL2: Double? {
    aa > 0 && aa.isFinite && dd.isFinite ? (dd / aa).squareRoot() : nil
  }

  /// ‖b‖ / ‖a‖; nil when the foundation's norm is zero or a sum out of range.
  package var normRatio: Double? {
    aa > 0 && aa.isFinite && bb.isFinite ? (bb / aa).squareRoot() : nil
  }

  /// The share of equal values among the pairs in the sums; nil without one.
  package var equalShare: Double? {
    included > 0 ? Double(equal) / Double(included) : nil
  }

  private static func cosine(_ ab: Double, _ aa: Double, _ bb: Double) -> Double? {
    guard aa > 0, bb > 0, aa.isFinite, bb.isFinite, ab.isFinite else { return nil }
    // Two roots, because a product of the squares could leave the range.
    return min(1, max(-1, ab / aa.squareRoot() / bb.squareRoot()))
  }
}
