package import TensorFiles

/// The transpose of some rows of a computed matrix. It is slower than ``TransposedMatrix``, because it reads rows and transposes
/// them: use it for rare (a quantised Conv1D) or small (a bias) matrices.
package struct Transposition: MatrixSource {
  private let source: any MatrixSource
  private let chosen: Range<Int>

  /// The transpose of `rows` of `source`.
  package init(of source: any MatrixSource, rows: Range<Int>) {
    self.source = source
    chosen = rows
  }

  package var rows: Int { source.columns }
  package var columns: Int { chosen.count }
  package var isExact: Bool { source.isExact }
  package var rowGrain: Int { 32 }
  package var allSlices: [TensorSlice] { source.allSlices }
  package var storedBytes: Int {
    source.rows == 0 ? 0 : Int(Double(source.storedBytes) * Double(chosen.count) / Double(source.rows))
  }

  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    source.slices(rows: chosen.lowerBound + columns.lowerBound..<chosen.lowerBound + columns.upperBound, columns: rows)
  }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    let grain = max(source.rowGrain, 8)
    var turned = [Float](repeating: 0, count: grain * rows.count)
    for column in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: grain) {
      let part = column..<min(column + grain, columns.upperBound)
      var span = turned.mutableSpan
      source.read(
        rows: chosen.lowerBound + part.lowerBound..<chosen.lowerBound + part.upperBound, columns: rows, into: &span, at: 0,
        stride: rows.count)
      for i in 0..<rows.count {
        for j in 0..<part.count {
          values[start + i * stride + part.lowerBound - columns.lowerBound + j] = turned[j * rows.count + i]
        }
      }
    }
  }
}
