package import TensorFiles

/// A matrix that can be read in part, however it is stored: plain, quantised, fused, transposed, with an adapter.
///
/// ```swift
/// let up = MatrixRows(rows: 14_336, columns: 4_096) { rows, columns in … }
/// let first = up.read(0..<8, 0..<4_096)    // 32,768 numbers, row by row
/// ```
package struct MatrixRows: Sendable {
  /// Number of rows.
  package let rows: Int
  /// Number of columns.
  package let columns: Int
  /// The numbers of a range of rows and a range of columns, row by row. Called by several threads at once.
  package let read: @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> [Float]

  /// The slices that `read` reads for a range of rows and a range of columns.
  package let plan: @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> [TensorSlice]

  /// Reports that the matrix has been read for now, so that its pages may leave memory.
  package let release: @Sendable () -> Void

  /// A matrix of this size, read by a closure that returns exactly the requested numbers.
  package init(
    rows: Int, columns: Int, release: @escaping @Sendable () -> Void = {},
    plan: @escaping @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> [TensorSlice] = { _, _ in [] },
    read: @escaping @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> [Float]
  ) {
    self.rows = rows
    self.columns = columns
    self.release = release
    self.plan = plan
    self.read = read
  }
}
