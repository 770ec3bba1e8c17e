import ElementTypes
package import TensorFiles

/// A matrix that is stored as `[in, out]`, like GPT-2's Conv1D and some fused experts, and read as `[out, in]`.
package struct TransposedMatrix: MatrixSource {
  private let run: TensorSlice
  package let rows: Int
  package let columns: Int

  /// The transpose of the matrix of `columns` stored rows of `rows` numbers each in `run`.
  package init(_ run: TensorSlice, rows: Int, columns: Int) {
    precondition(
      rows * columns == run.count * run.type.componentsPerElement,
      "a transposed matrix of \(rows) × \(columns) in a run of \(run.count)")
    self.run = run
    self.rows = rows
    self.columns = columns
  }

  package var isExact: Bool { run.type.isExactInFloat }
  /// A cache line of f16 holds 32 numbers, each of another row.
  package var rowGrain: Int { 32 }
  package var allSlices: [TensorSlice] { [run] }
  package var storedBytes: Int { run.byteCount }

  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    StoredMatrix(run, columns: self.rows).slices(rows: columns, columns: rows)
  }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "rows \(rows) of \(self.rows)")
    // Tiles of 64 × 32 numbers: one or two cache lines of each stored row, while the written lines stay in the nearest cache.
    let (type, length) = (run.type, self.rows)
    withUnsafeTemporaryTile { tile in
      run.withBytes { bytes in
        for firstRow in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: Self.tileRows) {
          let width = min(Self.tileRows, rows.upperBound - firstRow)
          for firstColumn in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: Self.tileColumns) {
            let height = min(Self.tileColumns, columns.upperBound - firstColumn)
            for j in 0..<height {
              widen(
                bytes, as: type, from: (firstColumn + j) * length + firstRow, count: width, into: &tile, at: j * Self.tileRows)
            }
            let corner = start + (firstRow - rows.lowerBound) * stride + firstColumn - columns.lowerBound
            for i in 0..<width {
              for j in 0..<height { values[corner + i * stride + j] = tile[j * Self.tileRows + i] }
            }
          }
        }
      }
    }
  }

  private static let tileRows = 64
  private static let tileColumns = 32

  private func withUnsafeTemporaryTile(_ body: (inout MutableSpan<Float>) -> Void) {
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.tileRows * Self.tileColumns) { buffer in
      // Zeroed, because a span requires initialised memory.
      unsafe buffer.initialize(repeating: 0)
      var tile = unsafe buffer.mutableSpan
      body(&tile)
    }
  }
}
