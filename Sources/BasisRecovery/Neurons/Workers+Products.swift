import LinearAlgebra
import Threads

/// Matrix products that threads share. The parts depend only on the sizes, so the bits do not depend on the number of threads.
extension Workers {
  /// Rows or columns of one task: enough for OpenBLAS to run at full speed, few enough to share a product of 4096.
  private static let part = 512

  /// X·Y.
  func product(_ x: Matrix, _ y: Matrix) -> Matrix {
    let ranges = Self.ranges(x.rows)
    guard ranges.count > 1 else { return x.times(y) }
    return Matrix(stacking: map(ranges.count) { x.times(y, rows: ranges[$0]) })
  }

  /// Xᵀ·Y: the sum over rows of the outer products of a row of X with that of Y.
  func crossProduct(_ x: Matrix, _ y: Matrix) -> Matrix {
    let ranges = Self.ranges(x.columns)
    guard ranges.count > 1 else { return x.transposeTimes(y) }
    return Matrix(stacking: map(ranges.count) { x.transposeTimes(y, columns: ranges[$0]) })
  }

  /// Xᵀ·X, symmetric to the bit, from the parts on and below the diagonal.
  func gram(_ x: Matrix) -> Matrix {
    let ranges = Self.ranges(x.columns)
    guard ranges.count > 1 else { return x.transposeTimes(x) }
    let parts = ranges.indices.flatMap { i in (0...i).map { (i, $0) } }
    let found = map(parts.count) { x.transposeTimes(x, columns: ranges[parts[$0].0], ranges[parts[$0].1]) }
    var gram = Matrix(rows: x.columns, columns: x.columns)
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
