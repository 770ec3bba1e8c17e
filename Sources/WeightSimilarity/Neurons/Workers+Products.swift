import LinearAlgebra

/// Matrix products shared by threads. The parts are cut by the sizes alone, so the bits do not depend on the threads.
extension Workers {
  /// Rows or columns of one task: enough for OpenBLAS to run at full speed, few enough to share a product of 4096.
  private static let part = 512

  /// A·B.
  func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    let ranges = Self.ranges(a.rows)
    guard ranges.count > 1 else { return a.times(b) }
    return Matrix(stacking: map(ranges.count) { a.times(b, rows: ranges[$0]) })
  }

  /// Aᵀ·B: the sum over rows of the outer products of a row of A with that of B.
  func crossProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
    let ranges = Self.ranges(a.columns)
    guard ranges.count > 1 else { return a.transposeTimes(b) }
    return Matrix(stacking: map(ranges.count) { a.transposeTimes(b, columns: ranges[$0]) })
  }

  /// Aᵀ·A, symmetric to the bit, from the parts on and below the diagonal.
  func gram(_ a: Matrix) -> Matrix {
    let ranges = Self.ranges(a.columns)
    guard ranges.count > 1 else { return a.transposeTimes(a) }
    let parts = ranges.indices.flatMap { i in (0...i).map { (i, $0) } }
    let found = map(parts.count) { a.transposeTimes(a, columns: ranges[parts[$0].0], ranges[parts[$0].1]) }
    var gram = Matrix(rows: a.columns, columns: a.columns)
    for ((i, j), part) in zip(parts, found) {
      for (k, row) in ranges[i].enumerated() {
        for (l, column) in ranges[j].enumerated() where column <= row {
          gram[row, column] = part[k, l]
          gram[column, row] = part[k, l]
        }
      }
    }
    return gram
  }

  private static func ranges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: part).map { $0..<min($0 + part, count) }
  }
}
