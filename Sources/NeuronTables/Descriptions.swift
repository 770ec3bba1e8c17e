import LinearAlgebra

/// Neurons described by their cosines with other neurons: for each table a row without its mean, of unit length.
struct Descriptions {
  /// One row for each neuron; tables beside each other.
  private let values: Matrix
  private let tables: Int

  /// Describes `rows` by their cosines with `partners` in some of a unit's tables.
  init(_ unit: CosineTable, _ partners: [Int], _ tables: Range<Int>, _ rows: [Int]) {
    let width = partners.count
    var values = Matrix(rows: rows.count, columns: tables.count * width)
    for (place, table) in tables.enumerated() {
      for (i, row) in rows.enumerated() {
        let start = i * values.columns + place * width
        for (k, partner) in partners.enumerated() {
          values.values[start + k] = unit.tables[table].values[row * unit.neurons + partner]
        }
        Self.standardise(&values.values, start..<start + width)
      }
    }
    (self.values, self.tables) = (values, tables.count)
  }

  /// These rows, standardised.
  init(_ rows: Matrix) {
    var values = rows
    for i in 0..<rows.rows { Self.standardise(&values.values, i * rows.columns..<(i + 1) * rows.columns) }
    (self.values, tables) = (values, 1)
  }

  /// The sums over tables of the correlations with other descriptions.
  func scores(_ other: Descriptions) -> Matrix { values.timesTranspose(of: other.values) }

  private static func standardise(_ values: inout [Float], _ range: Range<Int>) {
    var sum = 0.0
    for k in range { sum += Double(values[k]) }
    let mean = Float(sum / Double(max(range.count, 1)))
    var squares = 0.0
    for k in range {
      values[k] -= mean
      squares += Double(values[k]) * Double(values[k])
    }
    let factor = squares > 0 && squares.isFinite ? Float(1 / squares.squareRoot()) : 0
    for k in range { values[k] *= factor }
  }
}
