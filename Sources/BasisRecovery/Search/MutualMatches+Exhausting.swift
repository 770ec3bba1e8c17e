import LinearAlgebra

extension MutualMatches {
  /// Takes mutual choices, then mutual choices among the rows and columns that are left, until all rows or all columns have a
  /// partner or no score is above zero.
  ///
  /// O(rows · columns) per round; few rounds unless many scores are equal.
  init(exhausting scores: Matrix, absolute: Bool = false) {
    partner = Array(repeating: -1, count: scores.rows)
    var (rows, columns) = (Array(0..<scores.rows), Array(0..<scores.columns))
    while !rows.isEmpty, !columns.isEmpty {
      var open = Matrix(rows: rows.count, columns: columns.count)
      for (k, row) in rows.enumerated() {
        for (l, column) in columns.enumerated() { open.values[k * columns.count + l] = scores[row, column] }
      }
      let found = MutualMatches(scores: open, absolute: absolute).partner
      let taken = Set(found.filter { $0 >= 0 })
      guard !taken.isEmpty else { break }
      for (k, l) in found.enumerated() where l >= 0 { partner[rows[k]] = columns[l] }
      rows = rows.indices.filter { found[$0] < 0 }.map { rows[$0] }
      columns = columns.indices.filter { !taken.contains($0) }.map { columns[$0] }
    }
  }
}
