package import Pictures

extension Heatmap {
  /// First cell empty, the columns' names in the first row, each row's name in its first cell; empty cells are undefined.
  package func csv() -> String {
    CSVText.row([""] + columns) + zip(rows, cells).map { CSVText.row([$0] + $1.map(CSVText.number)) }.joined()
  }

  /// A table for a terminal or a Markdown page, two decimals a cell.
  func table(corner: String) -> ColumnTable {
    var table = ColumnTable([.numbers(corner)] + columns.map { .numbers($0) })
    for (row, values) in zip(rows, cells) { table.append([row] + values.map { Figures.fixed($0, 2) }) }
    return table
  }
}
