import TensorFiles
import TensorViews

/// A base's matrix with a low-rank change: `W + s·L·R`.
///
/// For a linear layer L is B `[out, r]` and R is A `[r, in]`; for an embedding, or a base that is stored `[in, out]`, they are
/// the transposes in the other order. Products and sums are f32, in the order of the rank, so that every rectangle that is read
/// gives the same numbers. A read holds strips of the factors, never whole factors.
///
/// Source: PEFT 0.21.2, `lora/layer.py`. Where factors are f16 or bf16, PEFT rounds `s·L·R` to their type before it adds it
/// (and the sum to the base's); here nothing is rounded to less than f32.
struct AdaptedMatrix: MatrixSource {
  /// One change by two factors.
  struct Change: Sendable {
    /// `[rows, r]`.
    var left: any MatrixSource
    /// `[r, columns]`.
    var right: any MatrixSource
    var scale: Float
  }

  private let base: any MatrixSource
  private let change: Change

  /// The factors' sides must be the base's.
  init(_ base: any MatrixSource, _ change: Change) {
    precondition(
      change.left.rows == base.rows && change.right.columns == base.columns && change.left.columns == change.right.rows,
      "factors of another matrix")
    self.base = base
    self.change = change
  }

  var rows: Int { base.rows }
  var columns: Int { base.columns }
  /// A program would load the same sum, rounded once, so two such sums can be compared.
  var isExact: Bool { base.isExact }
  var rowGrain: Int { max(base.rowGrain, 16) }
  var allSlices: [TensorSlice] { base.allSlices + change.left.allSlices + change.right.allSlices }
  var storedBytes: Int { base.storedBytes + change.left.storedBytes + change.right.storedBytes }

  /// The size of a strip of R. It fits into a near cache together with the rows that it is added to.
  private static let stripRank = 64
  private static let stripColumns = 1024

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    base.slices(rows: rows, columns: columns) + change.left.slices(rows: rows, columns: 0..<change.left.columns)
      + change.right.slices(rows: 0..<change.right.rows, columns: columns)
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    base.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
    let rank = change.left.columns
    let (depth, width) = (min(rank, Self.stripRank), min(columns.count, Self.stripColumns))
    guard !rows.isEmpty, depth > 0, width > 0 else { return }
    var left = [Float](repeating: 0, count: rows.count * depth)
    var right = [Float](repeating: 0, count: depth * width)
    for k in Swift.stride(from: 0, to: rank, by: depth) {
      let ranks = k..<min(k + depth, rank)
      var span = left.mutableSpan
      change.left.read(rows: rows, columns: ranks, into: &span, at: 0, stride: depth)
      for column in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: width) {
        let part = column..<min(column + width, columns.upperBound)
        var span = right.mutableSpan
        change.right.read(rows: ranks, columns: part, into: &span, at: 0, stride: width)
        for i in 0..<rows.count {
          let first = start + i * stride + column - columns.lowerBound
          for j in 0..<ranks.count {
            Self.add(right, from: j * width, times: left[i * depth + j] * change.scale, to: &values, at: first, count: part.count)
          }
        }
      }
    }
  }

  private static func add(
    _ row: [Float], from source: Int, times factor: Float, to values: inout MutableSpan<Float>, at first: Int, count: Int
  ) {
    precondition(first >= 0 && first + count <= values.count && source + count <= row.count, "the destination is too short")
    // Safe: both ranges were just checked to be inside the buffer. Without bounds checks the loop is vectorised.
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe row.withUnsafeBufferPointer { row in
        for j in 0..<count { unsafe values[first + j] += factor * row[source + j] }
      }
    }
  }
}
