import ElementTypes
package import Safetensors

/// A matrix that is stored as it is meant, row after row.
package struct StoredMatrix: MatrixSource {
  /// Its numbers.
  package let run: StoredRun
  package let rows: Int
  package let columns: Int

  /// The matrix of rows of `columns` numbers each (components, where they are complex) in `run`.
  package init(_ run: StoredRun, columns: Int) {
    let count = run.count * run.type.componentsPerElement
    precondition(columns > 0 ? count % columns == 0 : count == 0, "rows of \(columns) numbers in a run of \(count)")
    self.run = run
    self.columns = columns
    rows = columns > 0 ? count / columns : 0
  }

  package var isExact: Bool { run.type.isExactInFloat }
  package var rowGrain: Int { 1 }
  package var runs: [StoredRun] { [run] }
  package var storedBytes: Int { run.byteCount }

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
