package import TensorFiles

/// A matrix whose numbers have to be brought together or computed as they are read: interleaved rows of a fused tensor, a
/// transposed one, codes with their scales, a base with an adapter's change.
///
/// ```swift
/// var values = [Float](repeating: 0, count: 16 * source.columns)
/// var span = values.mutableSpan
/// source.read(rows: 0..<16, columns: 0..<source.columns, into: &span, at: 0, stride: source.columns)
/// ```
///
/// Sources may be stacked: rows of a source are chosen by a ``RowSelection``. Reading is a pure function of the mapped bytes, so threads
/// may read one source at the same time; it allocates nothing that grows with the matrix.
package protocol MatrixSource: Sendable {
  /// Rows: outputs (tokens, neurons, channels).
  var rows: Int { get }
  /// Columns: inputs.
  var columns: Int { get }
  /// Whether `read` gives the stored numbers themselves and not rounded ones: only then can two models be called identical.
  var isExact: Bool { get }
  /// Rows that cost little more together than one of them alone: 1 where rows are stored one after the other, more where a word
  /// holds numbers of several rows.
  var rowGrain: Int { get }
  /// The parts of the files that hold it; they also hold other matrices' numbers where it is a part of a fused tensor.
  var runs: [TensorSlice] { get }
  /// The parts of the files that `read` of these rows and columns looks at: what has to be ensured before it.
  ///
  /// All of them, where a source knows no better. O(rows).
  /// Bytes of the files that hold its numbers alone: a read of all of it costs at least so much.
  var storedBytes: Int { get }

  /// Writes the numbers of `rows` and `columns` to `values`, row after row: row i from index `start + i · stride` on.
  ///
  /// Stops the program when rows or columns are not the matrix's, or `values` is too short. O(rows · columns).
  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int)
}

extension MatrixSource {
  /// All parts of the files.
  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    rows.isEmpty || columns.isEmpty ? [] : runs
  }
}
