import Testing

@testable import Reports

@Suite struct TableTests {
  @Test("words stand left, numbers right, and no line ends in spaces")
  func alignment() {
    var table = ColumnTable([.words("role"), .numbers("cosine"), .words("note")])
    table.append(["q_proj", "0.5", ""])
    table.append(["o", "-0.25", "x"])
    #expect(table.text(width: 80) == "role    cosine  note\nq_proj     0.5\no        -0.25  x\n")
  }

  @Test("a table that is too wide is cut in the middle of its longest words")
  func cut() {
    var table = ColumnTable([.words("tensor"), .numbers("n")])
    table.append(["model.layers.0.self_attn.q_proj.weight", "1"])
    let lines = table.text(width: 30).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 30 })
    #expect(lines[1].hasPrefix("model.layers.") && lines[1].contains("…") && lines[1].contains("proj.weight"))
  }

  @Test("a name cannot draw on the terminal")
  func hostile() {
    var table = ColumnTable([.words("name")])
    table.append(["a\u{1B}[31m\u{202E}b\n"])
    #expect(table.text(width: 80) == "name\na\\u{1b}[31m\\u{202e}b\\u{a}\n")
  }

  @Test("a bar in a Markdown cell is escaped")
  func markdown() {
    var table = ColumnTable([.words("a"), .numbers("b")])
    table.append(["x|y", "1"])
    #expect(table.markdown == "| a | b |\n|---|---:|\n| x\\|y | 1 |\n")
  }

  @Test("cells with commas, quotes or line breaks are quoted as RFC 4180 says")
  func csv() {
    #expect(CSVText.row(["a,b", "say \"x\"", "c\nd", "plain"]) == "\"a,b\",\"say \"\"x\"\"\",\"c\nd\",plain\n")
    #expect(CSVText.number(nil as Double?).isEmpty && CSVText.number(Double.nan).isEmpty)
  }

  @Test("a heatmap has an empty corner, named rows and columns, and empty cells where it is undefined")
  func heatmap() {
    let heatmap = Heatmap(rows: ["0", "1"], columns: ["0", "1"], cells: [[0.998112, 0.001833], [nil, 1]])
    #expect(heatmap.csv() == ",0,1\n0,0.998112,0.001833\n1,,1.0\n")
  }

  @Test("long text is broken at spaces")
  func wrapping() {
    #expect(TerminalText.wrapped("aa bb cc", width: 5) == "aa bb\ncc")
    #expect(TerminalText.wrapped("abcdefgh i", width: 5) == "abcdefgh\ni")
  }

  @Test("a progress line says bytes, rate and time left")
  func progress() {
    let line = ProgressText.line(of: "comparing", done: 1_200_000_000, total: 4_400_000_000, seconds: 0.5)
    #expect(line == "comparing  1.20 GB of 4.40 GB  27 %  2.40 GB/s  1 s left")
  }
}
