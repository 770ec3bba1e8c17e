package import TensorFiles

/// The product of two factors, `left` `[rows, r]` times `right` `[r, columns]`, read without ever holding a whole factor.
///
/// Products and sums are f32, in the order of the rank, so that every rectangle that is read gives the same numbers. A read holds strips of
/// the factors. O(rows · columns · r).
package struct MatrixProduct: MatrixSource {
  /// `[rows, r]`.
  package let left: any MatrixSource
  /// `[r, columns]`.
  package let right: any MatrixSource

  /// The factors must have one rank.
  package init(_ left: any MatrixSource, _ right: any MatrixSource) {
    precondition(left.columns == right.rows, "factors of \(left.columns) columns and \(right.rows) rows")
    self.left = left
    self.right = right
  }

  package var rows: Int { left.rows }
  package var columns: Int { right.columns }
  /// A program would compute with the same factors, so two such products can be compared.
  package var isExact: Bool { left.isExact && right.isExact }
  package var rowGrain: Int { 16 }
  package var allSlices: [TensorSlice] { left.allSlices + right.allSlices }
  package var storedBytes: Int { left.storedBytes + right.storedBytes }

  /// The size of a strip of the right factor. It fits into a near cache together with the rows that it is added to.
  private static let stripRank = 64
  private static let stripColumns = 1024

  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    left.slices(rows: rows, columns: 0..<left.columns) + right.slices(rows: 0..<right.rows, columns: columns)
  }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    for i in 0..<rows.count {
      for j in 0..<columns.count { values[start + i * stride + j] = 0 }
    }
    add(rows: rows, columns: columns, times: 1, to: &values, at: start, stride: stride)
  }

  /// Adds the product, times `scale`, to the numbers that ``read(rows:columns:into:at:stride:)`` would write.
  package func add(
    rows: Range<Int>, columns: Range<Int>, times scale: Float, to values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    let rank = left.columns
    let (depth, width) = (min(rank, Self.stripRank), min(columns.count, Self.stripColumns))
    guard !rows.isEmpty, depth > 0, width > 0 else { return }
    var heads = [Float](repeating: 0, count: rows.count * depth)
    var strip = [Float](repeating: 0, count: depth * width)
    for k in Swift.stride(from: 0, to: rank, by: depth) {
      let ranks = k..<min(k + depth, rank)
      var span = heads.mutableSpan
      left.read(rows: rows, columns: ranks, into: &span, at: 0, stride: depth)
      for column in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: width) {
        let part = column..<min(column + width, columns.upperBound)
        var span = strip.mutableSpan
        right.read(rows: ranks, columns: part, into: &span, at: 0, stride: width)
        for i in 0..<rows.count {
          let first = start + i * stride + column - columns.lowerBound
          for j in 0..<ranks.count {
            Self.add(strip, from: j * width, times: heads[i * depth + j] * scale, to: &values, at: first, count: part.count)
          }
        }
      }
    }
  }

  private static func add(
    _ row: [Float], from source: Int, times factor: Float, to values: inout MutableSpan<Float>, at first: Int, count: Int
  ) {
    precondition(first >= 0 && first + count <= values.count && source + count <= row.count, "the destination is too short")
    // Safe: both ranges were just checked to be inside the buffer. Without bounds checks the loop is vectorised.
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe row.withUnsafeBufferPointer { row in
        for j in 0..<count { unsafe values[first + j] += factor * row[source + j] }
      }
    }
  }
}
