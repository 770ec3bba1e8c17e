package import Safetensors

/// Some rows of another matrix, in another order: one part of a fused tensor, one expert of a stack.
package struct RowSelection: MatrixSource {
  private let source: any MatrixSource
  private let map: RowMap

  /// The rows of `source` that `map` names.
  package init(_ map: RowMap, of source: any MatrixSource) {
    precondition(map.count == 0 || (map.bounds.lowerBound >= 0 && map.bounds.upperBound < source.rows), "rows beyond the matrix")
    self.source = source
    self.map = map
  }

  package var rows: Int { map.count }
  package var columns: Int { source.columns }
  package var isExact: Bool { source.isExact }
  package var rowGrain: Int { map.runLength == 1 ? 1 : source.rowGrain }
  package var runs: [StoredRun] { source.runs }
  package var storedBytes: Int { source.rows == 0 ? 0 : Int(Double(source.storedBytes) * Double(rows) / Double(source.rows)) }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "rows \(rows) of \(self.rows)")
    let run = map.runLength
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(run - row % run, rows.upperBound - row)
      let stored = map[row]
      source.read(
        rows: stored..<stored + count, columns: columns, into: &values, at: start + (row - rows.lowerBound) * stride,
        stride: stride)
      row += count
    }
  }
}
