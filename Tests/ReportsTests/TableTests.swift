import Pictures
import TestKit
import Testing
import TextFormats

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
    #expect(lines.nonEmptyAllSatisfy { $0.count <= 30 })
    #expect(lines[1].hasPrefix("model.layers.") && lines[1].contains("…") && lines[1].contains("proj.weight"))
  }

  @Test("two different names stay different in a table that is too wide, and with no limit every name is whole")
  func distinct() {
    var table = ColumnTable([.words("model"), .numbers("n")])
    let names = ["embedding", "dora-embedding"].map { "adapters/" + $0 + "/of/a/model/far/below" }
    for name in names { table.append([name, "1"]) }
    let rows = table.text(width: 16).split(separator: "\n").dropFirst()
    #expect(Set(rows).count == 2 && rows.nonEmptyAllSatisfy { $0.contains("…") })
    let whole = table.text(width: .max)
    #expect(names.nonEmptyAllSatisfy { whole.contains($0) })
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

  @Test("cells with commas or quotes are quoted as RFC 4180 says, line breaks are escaped")
  func csv() {
    #expect(CSVText.row(["a,b", "say \"x\"", "c\nd", "plain"]) == "\"a,b\",\"say \"\"x\"\"\",c\\u{a}d,plain\n")
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

  @Test("a number keeps its percent sign when a line is broken")
  func percentSign() {
    #expect(TerminalText.wrapped("over 17.6 % of it", width: 10) == "over\n17.6 % of\nit")
    #expect(TerminalText.wrapped("% alone", width: 3) == "%\nalone")
  }

  @Test(
    "columns are counted as a terminal draws them",
    arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("😀", 2), ("…", 1), ("", 0)])
  func columns(text: String, count: Int) {
    #expect(TerminalText.columns(of: text) == count)
  }

  @Test("text is cut to its width in the middle, never beyond it", arguments: 12...20)
  func cutting(width: Int) {
    for text in ["model.layers.0.self_attn.q_proj", "日本語のテンソルの名前が長い", "short"] {
      let cut = TerminalText.cut(text, to: width)
      #expect(TerminalText.columns(of: cut) <= width)
      #expect(cut == text || (cut.contains("…") && cut.first == text.first && cut.last == text.last))
    }
  }
}
