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
/// column is cut first. Cells are never cut so far that two different cells of a column become equal; in that case the table is
/// wider than requested. Cells are escaped for terminals, so that a tensor's name cannot control the screen.
package struct ColumnTable {
  package struct Column {
    package var title: String
    package var isNumber: Bool
    package static func words(_ title: String) -> Column { Column(title: title, isNumber: false) }
    package static func numbers(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

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
    let titles = columns.map(\.title)
    let isWhole = width == .max
    var rows = self.rows.map { row in zip(columns, row).map { $0.isNumber ? $1 : Self.shown($1, isWhole: isWhole) } }
    // One name of a megabyte must not make every row as long. Only its row is long; it extends beyond its column.
    var widths = columns.indices.map { c in
      min(([titles] + rows).map { TerminalText.columns(of: $0[c]) }.max() ?? 0, Self.mostColumns)
    }
    let gaps = 2 * (columns.count - 1)
    // The widest text column is shortened, character by character, so that two long columns are shortened equally.
    while widths.reduce(gaps, +) > width,
      let widest = columns.indices.filter({ !columns[$0].isNumber }).max(by: { widths[$0] < widths[$1] }), widths[widest] > 12
    {
      widths[widest] -= 1
    }
    if !isWhole {
      for c in columns.indices where !columns[c].isNumber {
        let cells = TerminalText.cut(rows.map { $0[c] }, to: widths[c])
        for row in rows.indices { rows[row][c] = cells[row] }
        widths[c] = max(widths[c], cells.map { TerminalText.columns(of: $0) }.max() ?? 0)
      }
    }
    let line = { (cells: [String]) -> String in
      let padded = columns.indices.map { c -> String in
        let cell = cells[c]
        let space = String(repeating: " ", count: max(0, widths[c] - TerminalText.columns(of: cell)))
        return columns[c].isNumber ? space + cell : cell + space
      }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return paintTitle(line(titles)) + "\n" + rows.enumerated().map { paintRow($0, line($1)) + "\n" }.joined()
  }

  /// Text as a terminal shows it, cut to `mostColumns` unless `isWhole`.
  private static func shown(_ words: String, isWhole: Bool) -> String {
    if isWhole { return TerminalText.escaped(words) }
    let short = words.utf8.count > 4 * mostColumns ? String(words.prefix(mostColumns)) + "…" : words
    return TerminalText.cut(TerminalText.escaped(short), to: mostColumns)
  }

  /// The maximum width of a text column, for any requested width.
  private static let mostColumns = 400

  /// The cells as a Markdown table.
  package var markdown: String {
    let line = { (cells: [String]) in "| " + cells.map(MarkdownText.escaped).joined(separator: " | ") + " |\n" }
    return line(columns.map(\.title)) + "|" + columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
      + rows.map(line).joined()
  }
}
