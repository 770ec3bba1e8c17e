package import TensorFiles

/// A matrix whose numbers have to be gathered or computed as they are read: interleaved rows of a fused tensor, a
/// transposed one, codes with their scales, a base with an adapter's change.
///
/// ```swift
/// var values = [Float](repeating: 0, count: 16 * source.columns)
/// var span = values.mutableSpan
/// source.read(rows: 0..<16, columns: 0..<source.columns, into: &span, at: 0, stride: source.columns)
/// ```
///
/// Sources may be nested: a ``RowSelection`` selects rows of a source. Reading is a pure function of the mapped bytes, so threads
/// may read one source at the same time; its allocations do not grow with the matrix.
package protocol MatrixSource: Sendable {
  /// Rows: outputs (tokens, neurons, channels).
  var rows: Int { get }
  /// Columns: inputs.
  var columns: Int { get }
  /// Whether `read` gives the stored numbers exactly, without rounding: only then can two models be called identical.
  var isExact: Bool { get }
  /// Rows that cost little more together than one of them alone: 1 if rows are stored one after the other, more if a stored word
  /// holds numbers of several rows.
  var rowGrain: Int { get }
  /// The parts of the files that hold it; if it is a part of a fused tensor, they also hold numbers of other matrices.
  var allSlices: [TensorSlice] { get }
  /// The parts of the files that `read` of these rows and columns touches: they have to be ensured before it. A source that cannot tell
  /// returns all of its parts. O(rows).
  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice]
  /// Bytes of the files that hold only its numbers: the least cost of reading all of it.
  var storedBytes: Int { get }

  /// Writes the numbers of `rows` and `columns` to `values`, row after row: row i from index `start + i · stride` on.
  ///
  /// Stops the program if rows or columns are outside of the matrix, or `values` is too short. O(rows · columns).
  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int)
}

extension MatrixSource {
  /// The parts of the files that `read` of these rows and columns uses; they must be available before it is called.
  ///
  /// All parts, unless a source can give fewer. O(rows).
  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    rows.isEmpty || columns.isEmpty ? [] : allSlices
  }
}
