import Quantisation
import TensorFiles

/// A matrix that is stored in blocks of numbers with common scales, row after row; each row is a whole number of blocks.
struct BlockedMatrix: MatrixSource {
  private let type: BlockType
  private let run: TensorSlice
  let rows: Int
  let columns: Int

  /// The matrix of rows of `columns` numbers each in `run`; nil when they are no whole blocks of the format.
  init?(_ run: TensorSlice, columns: Int) {
    guard case .blocks(let format) = run.storage, let type = BlockType(name: format.name), type.numbers == format.numbers,
      type.bytes == format.bytes, columns > 0, columns % type.numbers == 0, run.count % columns == 0
    else { return nil }
    self.type = type
    self.run = run
    self.columns = columns
    rows = run.count / columns
  }

  /// Equal codes and scales give equal numbers.
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
  var allSlices: [TensorSlice] { [run] }
  var storedBytes: Int { run.byteCount }

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    // Rows whose parts are farther apart are requested one by one; see StoredMatrix.
    if (self.columns - columns.count) / type.numbers * type.bytes <= 1 << 16 {
      let first = rows.lowerBound * self.columns + columns.lowerBound
      return [run.covering(first..<(rows.upperBound - 1) * self.columns + columns.upperBound)]
    }
    return rows.map { run.covering($0 * self.columns + columns.lowerBound..<$0 * self.columns + columns.upperBound) }
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "rows \(rows) and columns \(columns) of \(self.rows) × \(self.columns)")
    run.withBytes { bytes in
      if columns.count == self.columns, stride == self.columns {
        let first = rows.lowerBound * self.columns
        type.decode(bytes, numbers: first..<first + rows.count * self.columns, into: &values, at: start)
        return
      }
      for (i, row) in rows.enumerated() {
        let first = row * self.columns + columns.lowerBound
        type.decode(bytes, numbers: first..<first + columns.count, into: &values, at: start + i * stride)
      }
    }
  }
}
