import TensorFiles
import TensorViews

/// A base's matrix with a low-rank change: `W + s·L·R`.
///
/// For a linear layer L is B `[out, r]` and R is A `[r, in]`; for an embedding, or a base that is stored `[in, out]`, they are
/// the transposes in the other order; see ``MatrixProduct``.
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
  private var product: MatrixProduct { MatrixProduct(change.left, change.right) }

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

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    base.slices(rows: rows, columns: columns) + product.slices(rows: rows, columns: columns)
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    base.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
    product.add(rows: rows, columns: columns, times: change.scale, to: &values, at: start, stride: stride)
  }
}
