import TensorFiles
import TensorViews

/// Matrices of one shape, concatenated by rows: the experts of a stack, each with a separate change.
struct MatrixStack: MatrixSource {
  private let parts: [any MatrixSource]

  /// At least one part; all have the same rows and columns and are read from the same tensors.
  init(_ parts: [any MatrixSource]) {
    precondition(!parts.isEmpty, "a stack of nothing")
    precondition(parts.allSatisfy { $0.rows == parts[0].rows && $0.columns == parts[0].columns }, "parts of one shape")
    self.parts = parts
  }

  var rows: Int { parts.count * parts[0].rows }
  var columns: Int { parts[0].columns }
  var isExact: Bool { parts.allSatisfy(\.isExact) }
  var rowGrain: Int { parts[0].rowGrain }
  /// The slices of the first part, because the parts of a stack share their tensors.
  var allSlices: [TensorSlice] { parts[0].allSlices }
  var storedBytes: Int { parts.reduce(0) { $0 + $1.storedBytes } }

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    let height = parts[0].rows
    return parts.indices.flatMap { part in
      let inside = rows.clamped(to: part * height..<(part + 1) * height)
      return inside.isEmpty
        ? [] : parts[part].slices(rows: inside.lowerBound - part * height..<inside.upperBound - part * height, columns: columns)
    }
  }

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
