/// A dense matrix of f32, row-major, that owns its memory.
///
/// ```swift
/// let a = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
/// a[1, 0]                          // 4
/// a.timesTranspose(of: a)          // 2 × 2: the inner products of its rows
/// ```
///
/// Its products run on the calling thread, over OpenBLAS; to use several threads, multiply ranges of rows. They are sums in f32:
/// the error of one is of the order of 1e-7·‖a‖‖b‖ for rows without structure, and below columns·6e-8·Σ|aᵢbᵢ| for any rows.
package struct Matrix: Sendable, Equatable {
  /// Number of rows.
  package let rows: Int
  /// Number of columns.
  package let columns: Int
  /// The numbers, row by row.
  package var values: [Float]

  /// The matrix of these numbers.
  package init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns, "\(values.count) numbers are not \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix in which every number is `value`.
  package init(rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  /// Matrices of the same width, stacked below each other.
  package init(stacking parts: [Matrix]) {
    let columns = parts.first?.columns ?? 0
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts {
      precondition(part.columns == columns, "matrices of \(columns) and of \(part.columns) columns do not stack")
      values += part.values
    }
    self.init(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns, values: values)
  }

  /// The identity.
  package static func identity(_ side: Int) -> Matrix {
    var one = Matrix(rows: side, columns: side)
    for i in 0..<side { one.values[i * side + i] = 1 }
    return one
  }

  /// The number in a row and a column, from 0.
  package subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// These rows, in this order; a row may be taken twice. O(rows taken · columns).
  package func taking(_ chosen: [Int]) -> Matrix {
    var taken: [Float] = []
    taken.reserveCapacity(chosen.count * columns)
    for row in chosen { taken += values[row * columns..<(row + 1) * columns] }
    return Matrix(rows: chosen.count, columns: columns, values: taken)
  }

  /// The transpose: columns become rows.
  package var transposed: Matrix {
    var turned = Matrix(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { turned.values[j * rows + i] = values[i * columns + j] }
    }
    return turned
  }

  /// Scales every row to unit length; a row of zeros, or with a number that is not finite, becomes zeros. Returns the
  /// lengths, 0 for such rows.
  @discardableResult
  package mutating func normaliseRows() -> [Double] {
    var lengths: [Double] = []
    lengths.reserveCapacity(rows)
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let squares = sumAndSquares(values.span.extracting(range)).squares
      let length = squares.squareRoot()
      let isUsable = length > 0 && length.isFinite
      var row = values.mutableSpan
      if isUsable {
        let factor = 1 / length
        for i in range { row[i] = Float(Double(row[i]) * factor) }
      } else {
        for i in range { row[i] = 0 }
      }
      lengths.append(isUsable ? length : 0)
    }
    return lengths
  }
}
