package import TensorFiles

/// Some rows of another matrix, in another order: one part of a fused tensor, one expert of a stack.
package struct RowSelection: MatrixSource {
  private let source: any MatrixSource
  private let map: RowMap

  /// The rows of `source` in `map`.
  package init(_ map: RowMap, of source: any MatrixSource) {
    precondition(map.count == 0 || (map.bounds.lowerBound >= 0 && map.bounds.upperBound < source.rows), "rows beyond the matrix")
    self.source = source
    self.map = map
  }

  package var rows: Int { map.count }
  package var columns: Int { source.columns }
  package var isExact: Bool { source.isExact }
  package var rowGrain: Int { map.runLength == 1 ? 1 : source.rowGrain }
  package var allSlices: [TensorSlice] { source.allSlices }
  package var storedBytes: Int { source.rows == 0 ? 0 : Int(Double(source.storedBytes) * Double(rows) / Double(source.rows)) }

  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    var found: [TensorSlice] = []
    var row = rows.lowerBound
    while row < rows.upperBound {
      let stored = storedRows(from: row, to: rows.upperBound)
      found += source.slices(rows: stored, columns: columns)
      row += stored.count
    }
    return found
  }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "rows \(rows) of \(self.rows)")
    var row = rows.lowerBound
    while row < rows.upperBound {
      let stored = storedRows(from: row, to: rows.upperBound)
      source.read(
        rows: stored, columns: columns, into: &values, at: start + (row - rows.lowerBound) * stride, stride: stride)
      row += stored.count
    }
  }

  /// The longest range of consecutive rows of the source that begins at row `row` of the selection and ends before `end`.
  private func storedRows(from row: Int, to end: Int) -> Range<Int> {
    let run = map.runLength
    let stored = map[row]
    return stored..<stored + min(run - row % run, end - row)
  }
}
