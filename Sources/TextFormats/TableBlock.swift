import Pictures

/// Some columns of a table, laid out for a width.
struct TableBlock {
  /// The maximum width of a text column, for any requested width.
  private static let mostColumns = 400
  /// Names are cut to no fewer columns than this, before a table is divided into blocks.
  private static let leastName = 16
  /// Other words are cut to no fewer columns than this.
  private static let leastWord = 12

  private let columns: [TableColumn]
  /// Rows of cells, for these columns.
  private var cells: [[String]]
  private var widths: [Int]
  /// The least width of each column: of text, the width at which its cells are still different.
  private var least: [Int]

  /// All columns of a table, with every cell at full length.
  init(_ columns: [TableColumn], whole rows: [[String]]) {
    self.init(columns, rows.map { zip(columns, $0).map { $0.isNumber ? $1 : TerminalText.escaped($1) } })
  }

  private init(_ columns: [TableColumn], _ cells: [[String]]) {
    (self.columns, self.cells) = (columns, cells)
    (widths, least) = ([], [])
    widths = columns.indices.map { width(of: $0, most: Self.mostColumns) }
    least = widths
  }

  /// The blocks of a table: one that fits, or several that repeat the table's keys. A block is wider than `width` only if its keys and a
  /// single column more are.
  static func blocks(_ columns: [TableColumn], _ rows: [[String]], keys: Int, width: Int) -> [TableBlock] {
    var whole = TableBlock(columns, shown(columns, rows))
    if whole.width <= width { return [whole] }
    whole.findLeast()
    let all = Array(columns.indices)
    if whole.fits(all, width) || columns.count <= keys + 1 { return [whole.cut(to: width)] }
    whole.keepLegible(keys, width)
    var blocks: [[Int]] = []
    for column in all.dropFirst(keys) {
      let longer = (blocks.last ?? Array(all.prefix(keys))) + [column]
      if !blocks.isEmpty, whole.fits(longer, width) {
        blocks[blocks.count - 1] = longer
      } else {
        blocks.append(all.prefix(keys) + [column])
      }
    }
    return blocks.map { whole.taking($0).cut(to: width) }
  }

  /// The columns of a line.
  var width: Int { widths.reduce(2 * (widths.count - 1), +) }

  /// The line of titles.
  var title: String { line(columns.map(\.title)) }

  /// The line of a row.
  func line(_ row: Int) -> String { line(cells[row]) }

  private func line(_ cells: [String]) -> String {
    let padded = columns.indices.map { c -> String in
      let space = String(repeating: " ", count: max(0, widths[c] - TerminalText.columns(of: cells[c])))
      return columns[c].isNumber ? space + cells[c] : cells[c] + space
    }
    return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }

  /// The width of a column with its title. One name of a megabyte must not make every row as long: only its row is long.
  private func width(of column: Int, most: Int) -> Int {
    min(([columns[column].title] + cells.map { $0[column] }).map { TerminalText.columns(of: $0) }.max() ?? 0, most)
  }

  /// Finds the least widths, by cutting all text as far as it may be.
  private mutating func findLeast() {
    var shortest = self
    for group in groups { shortest.cutCells(of: group.columns, to: group.least) }
    least = shortest.widths.indices.map { min(shortest.widths[$0], widths[$0]) }
  }

  /// Leaves the first columns, which every block has, all of the width but room for a figure.
  private mutating func keepLegible(_ keys: Int, _ width: Int) {
    let long = (0..<keys).filter { !columns[$0].isNumber && widths[$0] > Self.leastWord }
    for key in long { least[key] = max(least[key], min(widths[key], (width - 2 * Self.leastWord) / long.count)) }
  }

  /// The text columns that are cut together: all that have names, and each other one; with the width to which they may be cut.
  private var groups: [(columns: [Int], least: Int)] {
    let text = columns.indices.filter { !columns[$0].isNumber }
    let names = text.filter { columns[$0].hasNames }
    return (names.isEmpty ? [] : [(names, Self.leastName)])
      + text.filter { !columns[$0].hasNames }.map { ([$0], Self.leastWord) }
  }

  /// Whether some of the columns fit into a line when their text is cut.
  private func fits(_ chosen: [Int], _ width: Int) -> Bool {
    chosen.reduce(2 * (chosen.count - 1)) { $0 + least[$1] } <= width
  }

  private func taking(_ chosen: [Int]) -> TableBlock {
    var block = TableBlock(chosen.map { columns[$0] }, cells.map { row in chosen.map { row[$0] } })
    block.least = chosen.map { least[$0] }
    return block
  }

  /// This block with its text cut so far that it fits, if it can be cut so far. The widest column is shortened, one column at a time, so
  /// that two long ones are shortened equally.
  private func cut(to width: Int) -> TableBlock {
    guard self.width > width else { return self }
    var block = self
    let names = columns.indices.filter { columns[$0].hasNames }
    while block.width > width {
      let open = columns.indices.filter { !columns[$0].isNumber && block.widths[$0] > least[$0] }
      guard let widest = open.max(by: { block.widths[$0] < block.widths[$1] }) else { break }
      let next = block.widths[widest] - 1
      for column in columns[widest].hasNames ? names : [widest] {
        block.widths[column] = min(block.widths[column], max(next, least[column]))
      }
    }
    for group in groups { block.cutCells(of: group.columns, to: group.columns.map { block.widths[$0] }.max() ?? 0) }
    return block
  }

  /// Cuts the cells of some columns together, and makes these columns as wide as their cells then are.
  private mutating func cutCells(of chosen: [Int], to width: Int) {
    let different = Array(Set(chosen.flatMap { column in cells.map { $0[column] } })).sorted()
    let short = Dictionary(uniqueKeysWithValues: zip(different, TerminalText.cut(different, to: width)))
    for column in chosen {
      for row in cells.indices { cells[row][column] = short[cells[row][column]] ?? cells[row][column] }
      widths[column] = self.width(of: column, most: .max)
    }
  }

  /// The cells as a terminal shows them, none of them longer than `mostColumns`.
  private static func shown(_ columns: [TableColumn], _ rows: [[String]]) -> [[String]] {
    let words = columns.indices.filter { !columns[$0].isNumber }
    let different = Array(Set(rows.flatMap { row in words.map { row[$0] } })).sorted()
    // Of a name of a megabyte the two ends are enough, and a number if they are those of another name.
    let ends = different.map { cell -> String in
      guard cell.utf8.count > 8 * mostColumns else { return TerminalText.escaped(cell) }
      return TerminalText.escaped(String(cell.prefix(mostColumns)) + "…" + String(cell.suffix(mostColumns)))
    }
    let short = TerminalText.cut(TerminalText.numbered(ends, of: different), to: mostColumns)
    let shown = Dictionary(uniqueKeysWithValues: zip(different, short))
    return rows.map { row in
      row.indices.map { columns[$0].isNumber ? row[$0] : shown[row[$0]] ?? row[$0] }
    }
  }
}
