import Pictures

/// A table in columns: words to the left, numbers to the right, never wider than asked where it can be helped.
///
/// ```swift
/// var table = ColumnTable([.words("layer"), .numbers("cosine")])
/// table.append(["0", "0.9981"])
/// table.text(width: 80)
/// ```
///
/// When a table is too wide, its columns of words are cut in the middle, the widest first, where names of tensors say least.
/// Cells are escaped for terminals: a tensor's name cannot draw on the screen.
struct ColumnTable {
  struct Column {
    var title: String
    var isNumber: Bool
    static func words(_ title: String) -> Column { Column(title: title, isNumber: false) }
    static func numbers(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  var isEmpty: Bool { rows.isEmpty }

  mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has one cell a column")
    rows.append(cells)
  }

  /// Lines with a title row; `paintTitle` and `paintRow` may colour whole lines after they were laid out.
  func text(width: Int, paintTitle: (String) -> String = { $0 }, paintRow: (Int, String) -> String = { $1 }) -> String {
    let titles = columns.map(\.title)
    let rows = self.rows.map { row in zip(columns, row).map { $0.isNumber ? $1 : Self.shown($1) } }
    var widths = columns.indices.map { c in ([titles] + rows).map { TerminalText.columns(of: $0[c]) }.max() ?? 0 }
    let gaps = 2 * (columns.count - 1)
    // The widest column of words gives way, character by character, so that two long ones share the loss.
    while widths.reduce(gaps, +) > width,
      let widest = columns.indices.filter({ !columns[$0].isNumber }).max(by: { widths[$0] < widths[$1] }), widths[widest] > 12
    {
      widths[widest] -= 1
    }
    let line = { (cells: [String]) -> String in
      let padded = columns.indices.map { c -> String in
        let cell = TerminalText.cut(cells[c], to: widths[c])
        let space = String(repeating: " ", count: widths[c] - TerminalText.columns(of: cell))
        return columns[c].isNumber ? space + cell : cell + space
      }
      return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    return paintTitle(line(titles)) + "\n" + rows.enumerated().map { paintRow($0, line($1)) + "\n" }.joined()
  }

  /// Words as a terminal shows them. A name of a megabyte would make every row as long: the other formats have it whole.
  private static func shown(_ words: String) -> String {
    let short = words.utf8.count > 4 * mostColumns ? String(words.prefix(mostColumns)) + "…" : words
    return TerminalText.cut(TerminalText.escaped(short), to: mostColumns)
  }

  /// The widest that a column of words becomes, whatever the width asked for.
  private static let mostColumns = 400

  /// The same cells as a Markdown table.
  var markdown: String {
    let line = { (cells: [String]) in "| " + cells.map(MarkdownText.escaped).joined(separator: " | ") + " |\n" }
    return line(columns.map(\.title)) + "|" + columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
      + rows.map(line).joined()
  }
}
