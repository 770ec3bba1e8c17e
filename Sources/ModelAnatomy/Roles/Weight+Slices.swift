package import TensorFiles
import TensorViews

// The slices of files that a computation will read. They are known before a byte is read.
extension Weight {
  /// The parts of the files that ``read(rows:columns:into:at:stride:)`` of these rows and columns (components, for complex
  /// numbers) reads. O(rows).
  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    switch numbers {
    case .stored(let run, let width): StoredMatrix(run, columns: width).slices(rows: rows, columns: columns)
    case .computed(let source): source.slices(rows: rows, columns: columns)
    }
  }

  /// The parts that hold whole rows.
  package func slices(rows: Range<Int>) -> [TensorSlice] { slices(rows: rows, columns: 0..<columns * components) }

  /// Fetches the missing bytes of some rows and columns, for a computation that must not fail midway; see
  /// ``TensorFiles/FileBytes/fetch(_:)``. O(1) where the files are local.
  package func fetch(rows: Range<Int>, columns: Range<Int>) {
    if !isLocal { TensorSlice.fetch(slices(rows: rows, columns: columns)) }
  }

  /// Fetches whole rows, where the files are not local.
  package func fetch(rows: Range<Int>) { fetch(rows: rows, columns: 0..<columns * components) }
}
