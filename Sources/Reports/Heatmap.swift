import WeightSimilarity

/// A matrix of similarities with named rows and columns, as CSV for people and JSON for machines.
public struct Heatmap: Sendable {
  let rows: [String]
  let columns: [String]
  let cells: [[Double?]]

  /// `cells` has one row for each of `rows` and one cell for each of `columns`.
  public init(rows: [String], columns: [String], cells: [[Double?]]) {
    self.rows = rows
    self.columns = columns
    self.cells = cells
  }

  /// First cell empty, the columns' names in the first row, each row's name in its first cell; empty cells are undefined.
  public func csv() -> String {
    CSVText.row([""] + columns) + zip(rows, cells).map { CSVText.row([$0] + $1.map(CSVText.number)) }.joined()
  }

  /// The rows of the document of `heatmap --format json`.
  var cellsJSON: JSONText { .array(cells.map { .array($0.map { .optional($0) }) }) }

  /// A table for a terminal or a Markdown page, two decimals a cell.
  func table(corner: String) -> ColumnTable {
    var table = ColumnTable([.numbers(corner)] + columns.map { .numbers($0) })
    for (row, values) in zip(rows, cells) { table.append([row] + values.map { Figures.fixed($0, 2) }) }
    return table
  }
}
