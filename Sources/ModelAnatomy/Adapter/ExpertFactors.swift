import Safetensors

/// Every `stride`-th column of a matrix: one expert's part of a factor that holds all experts', the expert varying fastest.
struct ColumnSelection: MatrixSource {
  let source: any MatrixSource
  let first: Int
  let stride: Int

  var rows: Int { source.rows }
  var columns: Int { (source.columns - first + stride - 1) / stride }
  var isExact: Bool { source.isExact }
  var rowGrain: Int { source.rowGrain }
  var runs: [StoredRun] { source.runs }
  var storedBytes: Int { source.storedBytes / stride }

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

/// Matrices of one shape, one below the other: the experts of a stack, each with a change of its own.
struct MatrixStack: MatrixSource {
  private let parts: [any MatrixSource]

  /// At least one part; all have the same rows and columns.
  init(_ parts: [any MatrixSource]) {
    precondition(parts.allSatisfy { $0.rows == parts[0].rows && $0.columns == parts[0].columns }, "parts of one shape")
    self.parts = parts
  }

  var rows: Int { parts.count * parts[0].rows }
  var columns: Int { parts[0].columns }
  var isExact: Bool { parts.allSatisfy(\.isExact) }
  var rowGrain: Int { parts[0].rowGrain }
  var runs: [StoredRun] { parts.flatMap(\.runs) }
  var storedBytes: Int { parts.reduce(0) { $0 + $1.storedBytes } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    let height = parts[0].rows
    var row = rows.lowerBound
    while row < rows.upperBound {
      let (part, inside) = (row / height, row % height)
      let count = min(height - inside, rows.upperBound - row)
      parts[part].read(
        rows: inside..<inside + count, columns: columns, into: &values, at: start + (row - rows.lowerBound) * stride,
        stride: stride)
      row += count
    }
  }
}
