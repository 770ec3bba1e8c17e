import TensorFiles
import TensorViews

/// The lengths of a matrix's columns, measured at the first request. Every rectangle needs the lengths of whole columns.
struct ColumnNorms: Sendable {
  private let found: LazyValue<[Double]>

  /// The lengths of the columns of `source`.
  init(of source: any MatrixSource) { found = LazyValue { Self.measure(source) } }

  /// The lengths. A thread that requests them during the measurement waits.
  var values: [Double] { found.value }

  private static func measure(_ source: any MatrixSource) -> [Double] {
    let columns = source.columns
    let height = max(1, min(source.rows, max(source.rowGrain, 65_536 / columns)))
    var squares = [Double](repeating: 0, count: columns)
    var part = [Float](repeating: 0, count: height * columns)
    for row in stride(from: 0, to: source.rows, by: height) {
      let rows = row..<min(row + height, source.rows)
      var span = part.mutableSpan
      source.read(rows: rows, columns: 0..<columns, into: &span, at: 0, stride: columns)
      for i in 0..<rows.count {
        for j in 0..<columns { squares[j] += Double(part[i * columns + j]) * Double(part[i * columns + j]) }
      }
    }
    return squares.map { $0.squareRoot() }
  }
}
