extension SeededGenerator {
  /// A random orthogonal matrix of this side, row by row: normal rows, each made orthogonal to those before it. O(side³).
  package mutating func orthogonalRows(_ side: Int) -> [Float] {
    var rows: [[Double]] = []
    while rows.count < side {
      var row = (0..<side).map { _ in normal() }
      // Twice, against rounding.
      for _ in 0..<2 {
        for other in rows {
          let product = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
          for k in 0..<side { row[k] -= product * other[k] }
        }
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      rows.append(row.map { $0 / length })
    }
    return rows.flatMap { $0.map { Float($0) } }
  }
}
