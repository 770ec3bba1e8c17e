import TensorFiles
import TensorViews

/// Every `stride`-th column of a matrix: the part of one expert in a factor for all experts, in which the expert varies fastest.
struct ColumnSelection: MatrixSource {
  let source: any MatrixSource
  let first: Int
  let stride: Int

  var rows: Int { source.rows }
  var columns: Int { (source.columns - first + stride - 1) / stride }
  var isExact: Bool { source.isExact }
  var rowGrain: Int { source.rowGrain }
  var allSlices: [TensorSlice] { source.allSlices }
  var storedBytes: Int { source.storedBytes / stride }

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    guard !columns.isEmpty else { return [] }
    return source.slices(rows: rows, columns: first + columns.lowerBound * stride..<first + (columns.upperBound - 1) * stride + 1)
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    guard !columns.isEmpty else { return }
    let stored = first + columns.lowerBound * self.stride..<first + (columns.upperBound - 1) * self.stride + 1
    var part = [Float](repeating: 0, count: stored.count)
    for (i, row) in rows.enumerated() {
      var span = part.mutableSpan
      source.read(rows: row..<row + 1, columns: stored, into: &span, at: 0, stride: stored.count)
      for j in 0..<columns.count { values[start + i * stride + j] = part[j * self.stride] }
    }
  }
}
