import Testing

@testable import Pictures

@Suite struct DrawingTests {
  private let plain = Palette(colours: false)

  @Test("five shades, a dash below zero and a dot where nothing is known")
  func shades() {
    let values: [Double?] = [1, 0.7, 0.5, 0.3, 0.1, -0.1, -0.3, nil, .nan]
    let map = Heatmap(rows: ["x"], columns: values.indices.map { String($0) }, cells: [values])
    let lines = map.drawing(palette: plain, width: 80).split(separator: "\n")
    #expect(lines[0] == "x ██▓▓▒▒░░    --····")
    #expect(lines[1] == "-- below -0.2  ░░ 0.2  ▒▒ 0.4  ▓▓ 0.6  ██ 0.8 and more  ·· undefined")
  }

  @Test("a drawing is never wider than the terminal", arguments: [24, 40, 80, 200], [1, 4, 22, 40, 79, 126, 500])
  func width(width: Int, count: Int) {
    let names = (0..<count).map { "a-model-with-a-long-name-\($0)" }
    let cells = (0..<count).map { row in (0..<count).map { row == $0 ? 1 : row % 5 == 0 ? nil : -0.5 as Double? } }
    let text = Heatmap(rows: names, columns: names, cells: cells).drawing(palette: plain, width: width)
    let lines = text.split(separator: "\n").map { TerminalText.columns(of: String($0)) }
    #expect(lines.allSatisfy { $0 <= width }, "\(lines.max() ?? 0)")
    #expect(text.contains("strongest of") == (count + 1 + max(12, width / 3) > width), "what was put together is said")
  }

  @Test("colours change no character, and cells of one look are painted at once")
  func colours() {
    let map = Heatmap(rows: ["a", "b"], columns: ["a", "b", "c"], cells: [[1, 0, 0], [nil, -0.5, 0.4]])
    let coloured = map.drawing(palette: Palette(colours: true), width: 80)
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == map.drawing(palette: plain, width: 80))
    #expect(coloured.contains("m    \u{1B}[0m\n"))
  }

  @Test("a name cannot draw on the terminal")
  func hostile() {
    let map = Heatmap(rows: ["\u{1B}[2J"], columns: ["a"], cells: [[1]])
    #expect(map.drawing(palette: plain, width: 80).hasPrefix("\\u{1b}[2J ██\n"))
  }
}
