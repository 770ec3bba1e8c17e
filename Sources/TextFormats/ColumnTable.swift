import Pictures

/// A table in columns: text is aligned left, numbers right. It is not wider than requested, if possible.
///
/// ```swift
/// var table = ColumnTable([.words("layer"), .numbers("cosine")])
/// table.append(["0", "0.9981"])
/// table.text(width: 80)
/// ```
///
/// If a table is too wide, its text columns are cut in the middle, where tensor names carry the least information; the widest
/// column is cut first. Columns of names are cut to one width, so that a name looks the same in all of them, and never so far that two
/// different names become equal. A table that is still too wide is printed in blocks, one below the other, that repeat the first
/// columns. Cells are escaped for terminals, so that a tensor's name cannot control the screen.
package struct ColumnTable {
  package typealias Column = TableColumn

  package let columns: [Column]
  /// The number of columns, from the left, that tell the rows apart: every block of a wide table has them.
  package let keys: Int
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column], keys: Int = 1) {
    precondition((1...max(columns.count, 1)).contains(keys), "a table has its keys")
    (self.columns, self.keys) = (columns, keys)
  }

  package var isEmpty: Bool { rows.isEmpty }

  package mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has one cell a column")
    rows.append(cells)
  }

  /// The width in columns of a line with every cell at full length.
  package var width: Int {
    let cells = [columns.map(\.title)] + rows.map { row in row.map(TerminalText.escaped) }
    return columns.indices.reduce(2 * (columns.count - 1)) { sum, c in
      sum + (cells.map { TerminalText.columns(of: $0[c]) }.max() ?? 0)
    }
  }

  /// Lines with a title row, at most `width` columns wide. With `.max`, every cell has its full length. `paintTitle` and
  /// `paintRow` may colour whole lines after the layout.
  package func text(width: Int, paintTitle: (String) -> String = { $0 }, paintRow: (Int, String) -> String = { $1 }) -> String {
    let blocks = width == .max ? [TableBlock(columns, whole: rows)] : TableBlock.blocks(columns, rows, keys: keys, width: width)
    return blocks.map { block in
      paintTitle(block.title) + "\n" + rows.indices.map { paintRow($0, block.line($0)) + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// The cells as a Markdown table.
  package var markdown: String {
    let line = { (cells: [String]) in "| " + cells.map(MarkdownText.escaped).joined(separator: " | ") + " |\n" }
    return line(columns.map(\.title)) + "|" + columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
      + rows.map(line).joined()
  }
}
