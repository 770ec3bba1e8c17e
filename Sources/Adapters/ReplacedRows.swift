import TensorFiles
import TensorViews

/// A matrix in which some rows are replaced by rows of another matrix, such as a token table with a few trained tokens.
struct ReplacedRows: MatrixSource {
  private let base: any MatrixSource
  private let others: any MatrixSource
  /// Rows of `others` by the rows that they replace.
  private let replaced: [Int: Int]

  /// Row i of `others` replaces row `rows[i]` of `base`. If a row is listed twice, the last entry counts. Rows that do not exist
  /// are ignored.
  init(_ base: any MatrixSource, by others: any MatrixSource, at rows: [Int]) {
    precondition(others.columns == base.columns && others.rows == rows.count, "rows of another matrix")
    self.base = base
    self.others = others
    replaced = Dictionary(zip(rows, rows.indices), uniquingKeysWith: { $1 })
  }

  var rows: Int { base.rows }
  var columns: Int { base.columns }
  var isExact: Bool { base.isExact && others.isExact }
  var rowGrain: Int { base.rowGrain }
  var allSlices: [TensorSlice] { base.allSlices + others.allSlices }
  var storedBytes: Int { base.storedBytes + others.storedBytes }

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    base.slices(rows: rows, columns: columns)
      + rows.compactMap { replaced[$0] }.flatMap { others.slices(rows: $0..<$0 + 1, columns: columns) }
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    base.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
    for row in rows {
      guard let other = replaced[row] else { continue }
      let first = start + (row - rows.lowerBound) * stride
      others.read(rows: other..<other + 1, columns: columns, into: &values, at: first, stride: stride)
    }
  }
}
