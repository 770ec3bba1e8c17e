package import TensorFiles
import TensorViews

// What a computation will read, as slices of files: known before a byte is read.
extension Weight {
  /// The parts of the files that ``read(rows:columns:into:at:stride:)`` of these rows and columns (components, where they are
  /// complex) looks at. O(rows).
  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    switch numbers {
    case .stored(let run, let width): StoredMatrix(run, columns: width).slices(rows: rows, columns: columns)
    case .computed(let source): source.slices(rows: rows, columns: columns)
    }
  }

  /// The parts that hold whole rows.
  package func slices(rows: Range<Int>) -> [TensorSlice] { slices(rows: rows, columns: 0..<columns * components) }

  /// Fetches what is missing of some rows and columns, for a computation that cannot fail in the middle; see
  /// ``TensorFiles/FileBytes/fetch(_:)``. O(1) where the files are local.
  package func fetch(rows: Range<Int>, columns: Range<Int>) {
    if !isLocal { TensorSlice.fetch(slices(rows: rows, columns: columns)) }
  }

  /// Fetches whole rows, where the files are not local.
  package func fetch(rows: Range<Int>) { fetch(rows: rows, columns: 0..<columns * components) }
}
