/// A matrix of similarities with named rows and columns, to be drawn as SVG, PNG or characters.
package struct Heatmap: Sendable {
  package let rows: [String]
  package let columns: [String]
  package let cells: [[Double?]]
  /// The heading of the picture.
  package let title: String
  /// Lines below the title: the meaning of rows and columns.
  package private(set) var notes: [String]
  /// The quantity in the cells, for the legend.
  package let measure: String
  /// The magnitude that has the last colour of the scale.
  let ceiling: Double
  /// Indices of the rows and columns before which another family begins.
  private(set) var rowBreaks: [Int] = []
  private(set) var columnBreaks: [Int] = []

  /// `cells` has one row for each of `rows` and one cell for each of `columns`. Values are in −`ceiling` … `ceiling`, nil if
  /// undefined.
  package init(
    rows: [String], columns: [String], cells: [[Double?]], title: String = "Similarity", notes: [String] = [],
    measure: String = "similarity", ceiling: Double = 1
  ) {
    precondition(cells.count == rows.count && cells.allSatisfy { $0.count == columns.count }, "one cell for each row and column")
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.title = title
    self.notes = notes
    self.measure = measure
    self.ceiling = ceiling
  }

  /// The number of decimals in cells and legend: two if `ceiling` is at least 0.5, three if it is at least 0.05, otherwise
  /// four.
  var decimals: Int { ceiling >= 0.5 ? 2 : ceiling >= 0.05 ? 3 : 4 }

  /// The colour level of a value, −100 … 100; nil for an undefined value.
  func level(_ value: Double?) -> Int? {
    guard let value, value.isFinite else { return nil }
    return HeatScale.level(ceiling > 0 ? value / ceiling : 0)
  }

  /// The same cells with lines between families. The arguments are the indices of rows and columns before which a family
  /// begins.
  package func divided(rows rowBreaks: [Int], columns columnBreaks: [Int]) -> Heatmap {
    var copy = self
    (copy.rowBreaks, copy.columnBreaks) = (rowBreaks, columnBreaks)
    return copy
  }

  /// A map of at most `limit` rows and columns, for a picture. Each of its cells is the value with the largest magnitude in a
  /// square of these cells, so that no outstanding value is lost. A note says so. Returns the map itself if it is small enough.
  package func reduced(to limit: Int = 2048) -> Heatmap {
    let side = (max(rows.count, columns.count) + limit - 1) / limit
    guard side > 1 else { return self }
    let starts = { (count: Int) in Array(stride(from: 0, to: count, by: side)) }
    let strongest = { (row: Int, column: Int) -> Double? in
      let values = cells[row..<min(row + side, rows.count)].flatMap { $0[column..<min(column + side, $0.count)] }
      return values.compactMap { $0 }.filter(\.isFinite).max { abs($0) < abs($1) }
    }
    return Heatmap(
      rows: starts(rows.count).map { rows[$0] }, columns: starts(columns.count).map { columns[$0] },
      cells: starts(rows.count).map { row in starts(columns.count).map { strongest(row, $0) } }, title: title,
      notes: notes + ["each point shows the strongest of \(side) × \(side) cells; the CSV contains all cells"], measure: measure,
      ceiling: ceiling)
  }
}
