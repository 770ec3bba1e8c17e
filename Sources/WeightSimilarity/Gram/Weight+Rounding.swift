import ElementTypes
import ModelAnatomy
import TensorFiles

extension Weight {
  /// Norm of the errors that rounding to the type in which the numbers are stored makes, by the norm of the numbers; nil for codes.
  ///
  /// With unit roundoff u the error of a number of mantissa m is uniform in ±u: its mean square is u²/3. With m spread evenly over its
  /// logarithm the mean of m² is 3/(2 ln 2). The root of the quotient is 0.3925·u.
  var rounding: Double? {
    (tensor.type?.mantissaBits).map { 0.3925 / Double(1 << ($0 + 1)) }
  }
}
