internal import CKernels

/// Σx and Σx² in f64, relative error below 2⁻⁵²·`values.count` / 16 of Σ|x| and Σx². Not finite when a number is not.
package func sumAndSquares(_ values: Span<Float>) -> (sum: Double, squares: Double) {
  var sums: (Double, Double) = (0, 0)
  // Safe: reads `count` numbers and writes two.
  unsafe values.withUnsafeBufferPointer { numbers in
    unsafe withUnsafeMutableBytes(of: &sums) { target in
      unsafe ck_sum_and_squares(
        numbers.baseAddress, Int64(numbers.count), target.baseAddress?.assumingMemoryBound(to: Double.self))
    }
  }
  return (sums.0, sums.1)
}

/// Adds the square of each number of a row to the sum of its column, in f64. Both have one number a column. O(columns).
package func addSquares(of row: Span<Float>, to sums: inout MutableSpan<Double>) {
  precondition(row.count == sums.count, "\(row.count) numbers and \(sums.count) sums")
  // Safe: reads `count` numbers, reads and writes as many sums.
  unsafe row.withUnsafeBufferPointer { numbers in
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe ck_add_squares(numbers.baseAddress, Int64(numbers.count), sums.baseAddress)
    }
  }
}

/// The largest magnitude of finite values; 0 for none. O(`values.count`).
package func largestMagnitude(_ values: Span<Float>) -> Float {
  // Safe: reads `count` numbers.
  unsafe values.withUnsafeBufferPointer { unsafe ck_largest_magnitude($0.baseAddress, Int64($0.count)) }
}

/// Scales every row of a row-major matrix of `columns` columns to unit length. Returns whether all rows could be scaled.
///
/// A row that is zero, or has a number that is not finite, stays as it is. The squares are summed in f64, so no finite row
/// is too large or too small. O(`values.count`).
package func normaliseRows(_ values: inout MutableSpan<Float>, columns: Int) -> Bool {
  precondition(columns > 0 && values.count % columns == 0, "\(values.count) numbers are not whole rows of \(columns)")
  var areAllUnit = true
  for start in stride(from: 0, to: values.count, by: columns) {
    let squares = sumAndSquares(values.span.extracting(start..<start + columns)).squares
    guard squares > 0, squares.isFinite else {
      areAllUnit = false
      continue
    }
    let norm = squares.squareRoot()
    for i in start..<start + columns { values[i] = Float(Double(values[i]) / norm) }
  }
  return areAllUnit
}
