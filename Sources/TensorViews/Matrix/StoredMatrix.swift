import ElementTypes
package import TensorFiles

/// A matrix that is stored as plain numbers, row after row.
package struct StoredMatrix: MatrixSource {
  /// Its numbers.
  package let run: TensorSlice
  package let rows: Int
  package let columns: Int

  /// The matrix of rows of `columns` numbers each (components, where they are complex) in `run`.
  package init(_ run: TensorSlice, columns: Int) {
    let count = run.count * run.type.componentsPerElement
    precondition(columns > 0 ? count % columns == 0 : count == 0, "rows of \(columns) numbers in a run of \(count)")
    self.run = run
    self.columns = columns
    rows = columns > 0 ? count / columns : 0
  }

  package var isExact: Bool { run.type.isExactInFloat }
  package var rowGrain: Int { 1 }
  package var allSlices: [TensorSlice] { [run] }
  package var storedBytes: Int { run.byteCount }

  /// Rows whose parts are farther apart than this are requested one by one: fetching the bytes between costs more than another
  /// request, which takes one delay, of 50 ms or so, divided by the 32 requests in parallel; 100 Mbit/s carry 20 KB in that time.
  private static let mostBetween = 1 << 14

  package func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let components = run.type.componentsPerElement
    let part = { (first: Int, last: Int) in
      run.covering(
        (first * self.columns + columns.lowerBound) / components..<(last * self.columns + columns.upperBound + components - 1)
          / components)
    }
    if (self.columns - columns.count) * run.type.bits / 8 / components <= Self.mostBetween {
      return [part(rows.lowerBound, rows.upperBound - 1)]
    }
    return rows.map { part($0, $0) }
  }

  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    run.withBytes { bytes in
      if columns.count == self.columns, stride == self.columns {
        let count = rows.count * columns.count
        widen(bytes, as: run.type, from: rows.lowerBound * self.columns, count: count, into: &values, at: start)
        return
      }
      for (i, row) in rows.enumerated() {
        let first = row * self.columns + columns.lowerBound
        widen(bytes, as: run.type, from: first, count: columns.count, into: &values, at: start + i * stride)
      }
    }
  }
}
