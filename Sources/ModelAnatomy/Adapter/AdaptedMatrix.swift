import Safetensors

/// A base's matrix with an adapter's change: `W + s·L·R`, and for DoRA its rows brought to given lengths.
///
/// For a linear layer L is B `[out, r]` and R is A `[r, in]`; for an embedding, or a base that is stored `[in, out]`, the transposes in the
/// other order. Products and sums are f32, in the order of the rank, so that the same numbers come out of every rectangle.
///
/// Source: PEFT 0.21.2, `lora/layer.py` and `lora/dora.py` (FORMAT.md 3).
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
  private let change: Change?
  /// Length of each row, for DoRA.
  private let magnitudes: (any MatrixSource)?

  /// The factors' sides must be the base's, `magnitudes` one row of as many numbers as the base has rows.
  init(_ base: any MatrixSource, _ change: Change?, magnitudes: (any MatrixSource)? = nil) {
    precondition(
      change.map { $0.left.rows == base.rows && $0.right.columns == base.columns && $0.left.columns == $0.right.rows } ?? true,
      "factors of another matrix")
    precondition(magnitudes.map { $0.rows == 1 && $0.columns == base.rows } ?? true, "magnitudes of another matrix")
    self.base = base
    self.change = change
    self.magnitudes = magnitudes
  }

  var rows: Int { base.rows }
  var columns: Int { base.columns }
  /// A sum that was rounded once is what a program would load; two such sums may well be compared.
  var isExact: Bool { base.isExact }
  var rowGrain: Int { max(base.rowGrain, 16) }
  var runs: [StoredRun] { base.runs + (change.map { $0.left.runs + $0.right.runs } ?? []) + (magnitudes?.runs ?? []) }
  var storedBytes: Int { base.storedBytes + (change.map { $0.left.storedBytes + $0.right.storedBytes } ?? 0) }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    readChanged(rows, columns, into: &values, at: start, stride: stride)
    guard let magnitudes else { return }
    var wanted = [Float](repeating: 0, count: rows.count)
    var span = wanted.mutableSpan
    magnitudes.read(rows: 0..<1, columns: rows, into: &span, at: 0, stride: rows.count)
    let norms = self.norms(of: rows)
    for i in 0..<rows.count {
      let factor = Float(Double(wanted[i]) / norms[i])
      for j in 0..<columns.count { values[start + i * stride + j] *= factor }
    }
  }

  /// Lengths of whole rows, in f64.
  private func norms(of rows: Range<Int>) -> [Double] {
    let width = min(columns, 4096)
    var squares = [Double](repeating: 0, count: rows.count)
    var part = [Float](repeating: 0, count: rows.count * width)
    for column in Swift.stride(from: 0, to: columns, by: width) {
      let columns = column..<min(column + width, self.columns)
      var span = part.mutableSpan
      readChanged(rows, columns, into: &span, at: 0, stride: width)
      for i in 0..<rows.count {
        for j in 0..<columns.count { squares[i] += Double(part[i * width + j]) * Double(part[i * width + j]) }
      }
    }
    return squares.map { $0.squareRoot() }
  }

  private func readChanged(
    _ rows: Range<Int>, _ columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    base.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
    guard let change else { return }
    let (rank, width) = (change.left.columns, columns.count)
    var left = [Float](repeating: 0, count: rows.count * rank)
    var right = [Float](repeating: 0, count: rank * width)
    var leftSpan = left.mutableSpan
    change.left.read(rows: rows, columns: 0..<rank, into: &leftSpan, at: 0, stride: rank)
    var rightSpan = right.mutableSpan
    change.right.read(rows: 0..<rank, columns: columns, into: &rightSpan, at: 0, stride: width)
    precondition(rows.isEmpty || start + (rows.count - 1) * stride + width <= values.count, "the destination is too short")
    // Safe: both factors were read into arrays of just these sizes, and the rows lie inside `values`. Without bounds to check the loop is
    // vectorised.
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe right.withUnsafeBufferPointer { right in
        for i in 0..<rows.count {
          let target = unsafe UnsafeMutableBufferPointer(rebasing: values[start + i * stride..<start + i * stride + width])
          for k in 0..<rank {
            let factor = left[i * rank + k] * change.scale
            for j in 0..<width { unsafe target[j] += factor * right[k * width + j] }
          }
        }
      }
    }
  }
}
