/// The positions of all parts of a heatmap's picture, in pixels from the upper left corner. SVG and PNG share this layout.
///
/// Cells are squares of whole pixels. They are as large as a page has room for: up to 48 pixels, and one pixel each for
/// thousands of models. Labels keep their size. If they would overlap, only every second, fifth, tenth … label is written.
struct HeatmapLayout {
  /// A piece of text to write.
  struct Words {
    var text: String
    var x: Double
    var y: Double
    var size = 12.0
    var anchor = TextAnchor.start
    var isTurned = false
    var isBold = false
  }

  let map: Heatmap
  /// The side of a cell in pixels.
  let cell: Int
  /// The upper left corner of the cells.
  let origin: (x: Int, y: Int)
  let size: (width: Int, height: Int)
  /// Title, labels and the legend's figures.
  private(set) var words: [Words]
  /// The legend's bar, with one slice for each level.
  let legend: (x: Int, y: Int, width: Int, height: Int)
  /// The levels that the legend shows, the lowest first.
  let levels: ClosedRange<Int>
  /// The legend's sample of an undefined cell, if there is one.
  let undefined: (x: Int, y: Int)?

  /// Pixels of free space around the picture.
  private static let margin = 16
  private static let line = 18
  private static let titleSize = 16.0

  init(_ map: Heatmap) {
    self.map = map
    let (rows, columns) = (map.rows.count, map.columns.count)
    let labels = (rows: map.rows.map(Self.short), columns: map.columns.map(Self.short))
    let isNumbered = (rows: Self.areNumbers(labels.rows), columns: Self.areNumbers(labels.columns))
    // Names need one line of text each; of numbers, some can be left out.
    let room = { (isNumbered: Bool, count: Int) in (isNumbered ? 720 : 1400) / max(count, 1) }
    let cell = max(1, min(48, room(isNumbered.rows, rows), room(isNumbered.columns, columns)))
    self.cell = cell

    let rowRoom = Int(labels.rows.map { Self.width($0) }.max() ?? 0) + 8
    let columnRoom = isNumbered.columns ? Self.line : Int(labels.columns.map { Self.width($0) }.max() ?? 0) + 8
    // The title and the legend need space to the right of a small map.
    let heading = min(Int(Double(TerminalText.columns(of: map.title)) * Self.titleSize * 0.66) + 1, 900)
    let width = 2 * Self.margin + max(rowRoom + max(columns * cell, 202 + 110), heading, 400)
    let letters = (width - 2 * Self.margin) / 7
    let notes = map.notes.flatMap { TerminalText.wrapped($0, width: letters).split(separator: "\n") }
    let head = Self.margin + 22 + notes.count * Self.line + 6
    origin = (Self.margin + rowRoom, head + columnRoom)
    let end = origin.y + rows * cell
    legend = (origin.x, end + 22, 202, 12)
    let values = map.cells.joined().lazy.compactMap { $0 }
    // Values within a few hundredths of zero are chance and need no second half of the scale.
    levels = (values.compactMap(map.level).min() ?? 0) < -5 ? -100...100 : 0...100
    let hasUndefined = map.cells.contains { $0.contains { $0?.isFinite != true } }
    undefined = hasUndefined ? (legend.x + legend.width + 30, legend.y) : nil
    size = (width, legend.y + legend.height + 22 + Self.margin)

    let title = TerminalText.cut(map.title, to: Int(Double(width - 2 * Self.margin) / (Self.titleSize * 0.66)))
    words = [Words(text: title, x: Double(Self.margin), y: Double(Self.margin + 14), size: Self.titleSize, isBold: true)]
    for (i, note) in notes.enumerated() {
      words.append(
        Words(
          text: TerminalText.cut(String(note), to: letters), x: Double(Self.margin),
          y: Double(Self.margin + 22 + (i + 1) * Self.line - 4)))
    }
    placeLabels(labels.rows, labels.columns, isNumbered.columns)
    placeLegend()
  }

  /// The upper left corner of a cell.
  func corner(row: Int, column: Int) -> (x: Int, y: Int) { (origin.x + column * cell, origin.y + row * cell) }

  /// True if a cell has room for its figure.
  var hasFigures: Bool { cell >= 36 }

  /// The distance in pixels between the hatching lines of an undefined cell; nil if cells are too small, and then they are
  /// grey.
  var hatching: Int? { cell >= 16 ? 6 : cell >= 4 ? 4 : nil }

  /// True if a cell is clearly negative and has room for a bar but not for a figure.
  func hasBar(level: Int) -> Bool { level <= -10 && cell >= 8 && !hasFigures }

  /// The step between written labels, so that they are at least `room` apart: 1, 2, 5, 10, 20, 50, …
  static func step(room: Double, cell: Int) -> Int {
    var (step, factors) = (1, [2.0, 2.5, 2.0])
    while Double(step * cell) < room {
      step = Int(Double(step) * factors[0])
      factors.append(factors.removeFirst())
    }
    return step
  }

  private mutating func placeLabels(_ rows: [String], _ columns: [String], _ isNumbered: Bool) {
    let half = Double(cell) / 2
    // Capitals are eight pixels high: four above the middle and four below it.
    for i in stride(from: 0, to: rows.count, by: Self.step(room: 13, cell: cell)) {
      let y = Double(origin.y + i * cell) + half + 4
      words.append(Words(text: rows[i], x: Double(origin.x - 6), y: y, anchor: .end))
    }
    let room = isNumbered ? (columns.map { Self.width($0) }.max() ?? 0) + 6 : 13
    for i in stride(from: 0, to: columns.count, by: Self.step(room: room, cell: cell)) {
      let x = Double(origin.x + i * cell) + half
      words.append(
        Words(
          text: columns[i], x: isNumbered ? x : x + 4, y: Double(origin.y - 6), anchor: isNumbered ? .middle : .start,
          isTurned: !isNumbered))
    }
  }

  private mutating func placeLegend() {
    let below = Double(legend.y + legend.height + 14)
    let ticks = [levels.lowerBound, (levels.lowerBound + levels.upperBound) / 2, levels.upperBound]
    for (tick, anchor) in zip(ticks, [TextAnchor.start, .middle, .end]) {
      let text = Self.trimmed(Figures.fixed(Double(tick) / 100 * map.ceiling, map.decimals))
      words.append(
        Words(text: text, x: Double(legend.x) + anchor.share * Double(legend.width), y: below, size: 11, anchor: anchor))
    }
    words.append(Words(text: map.measure, x: Double(legend.x), y: Double(legend.y - 5), size: 11))
    if let undefined {
      words.append(
        Words(text: "undefined", x: Double(undefined.x + 18), y: Double(undefined.y + 10), size: 11))
    }
  }

  /// A decimal without trailing zeros: `0.5`, `1`.
  private static func trimmed(_ decimal: String) -> String {
    var text = decimal[...]
    while text.hasSuffix("0"), text.contains(".") { text.removeLast() }
    return String(text.hasSuffix(".") ? text.dropLast() : text)
  }

  private static func areNumbers(_ labels: [String]) -> Bool { labels.allSatisfy { $0.utf8.count <= 4 } }

  /// A label of at most 32 characters.
  private static func short(_ label: String) -> String { TerminalText.cut(TerminalText.escaped(label), to: 32) }

  /// An upper estimate of a label's width in pixels at size 12 in any common font, including wide letters.
  private static func width(_ label: String) -> Double {
    max(Double(TerminalText.columns(of: label)) * 7, Raster.width(of: label, size: 12))
  }
}
