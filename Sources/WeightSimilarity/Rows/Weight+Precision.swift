import ElementTypes
package import ModelAnatomy
import TensorFiles

extension Weight {
  /// Norm of the errors of rounding to the stored type, divided by the norm of the numbers; nil for codes.
  ///
  /// With unit roundoff u the error of a number of mantissa m is uniform in ±u: its mean square is u²/3. With m spread evenly
  /// over its logarithm the mean of m² is 3/(2 ln 2). The root of the quotient is 0.3925·u.
  var rounding: Double? {
    (tensor.type?.mantissaBits).map { 0.3925 / Double(1 << ($0 + 1)) }
  }

  /// Bits of mantissa of the stored numbers; nil for codes, whose rounding follows another law, and for types that are not
  /// floating point.
  package var mantissaBits: Int? { components == 1 && (stored != nil || isExactInFloat) ? tensor.type?.mantissaBits : nil }
}
