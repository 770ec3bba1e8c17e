package import Pictures
package import TextFormats

extension Heatmap {
  /// The matrix as CSV. The first row has the names of the columns, the first cell of each row its name; the corner cell is
  /// empty. Undefined values are empty cells.
  package func csv() -> String {
    CSVText.row([""] + columns) + zip(rows, cells).map { CSVText.row([$0] + $1.map(CSVText.number)) }.joined()
  }

  /// A table for a terminal or a Markdown page, with two decimals in each cell.
  package func table(corner: String) -> ColumnTable {
    var table = ColumnTable([.numbers(corner)] + columns.map { .numbers($0) })
    for (row, values) in zip(rows, cells) { table.append([row] + values.map { Figures.fixed($0, 2) }) }
    return table
  }
}
