import Pictures
import ReportKit
import TestKit
import Testing
import TextFormats

@testable import Reports

/// Text on terminals of 60 to 200 columns.
@Suite struct TerminalTests {
  private static let widths = [60, 61, 72, 80, 99, 120, 160, 200]

  /// A table of names and figures as wide as they come, from seeded numbers.
  private func table(_ random: inout SeededGenerator) -> ColumnTable {
    var table = ColumnTable(
      [.names("candidate"), .names("foundation"), .words("relation")] + (0..<6).map { .numbers("figure \($0)") }, keys: 2)
    let stems = (0..<4).map { "a/team/\($0)/" + String(repeating: "long", count: Int.random(in: 1...12, using: &random)) }
    for row in 0..<12 {
      let names = (0..<2).map { _ in stems.randomElement(using: &random).map { "\($0)/\(row % 5)-of-a-model" } ?? "" }
      table.append(names + ["derived"] + (0..<6).map { _ in String(Int.random(in: 0...999_999, using: &random)) })
    }
    return table
  }

  @Test("a table fits any terminal, with every figure, and with different names that stay different", arguments: widths)
  func tables(width: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let table = table(&random)
    let blocks = table.text(width: width).split(separator: "\n\n").map { $0.split(separator: "\n").dropFirst() }
    #expect(blocks.joined().nonEmptyAllSatisfy { TerminalText.columns(of: String($0)) <= width }, "seed \(seed)")
    for figure in table.rows.flatMap({ $0.dropFirst(3) }) {
      #expect(blocks.joined().contains { $0.contains(figure) }, "seed \(seed)")
    }
    // In each block a name looks the same in both columns, and different ones do not.
    for block in blocks {
      var shown: [String: Set<String>] = [:]
      for (row, line) in zip(table.rows, block) {
        let cells = line.split(separator: " ").map(String.init)
        for (name, cell) in zip(row, cells.prefix(2)) { shown[name, default: []].insert(cell) }
      }
      #expect(shown.values.allSatisfy { $0.count == 1 }, "seed \(seed): \(shown)")
      #expect(Set(shown.values.joined()).count == shown.count, "seed \(seed): \(shown)")
    }
  }

  @Test("a table that cannot be cut to fit is printed in blocks that repeat its keys")
  func blocks() {
    var table = ColumnTable([.words("role"), .words("change")] + (0..<5).map { .numbers("a long title \($0)") })
    table.append(["post_attention_norm", "changed", "1", "2", "3", "4", "5"])
    let text = table.text(width: 60)
    #expect(
      text == """
        role                 change   a long title 0  a long title 1
        post_attention_norm  changed               1               2

        role                 a long title 2  a long title 3
        post_attention_norm               3               4

        role                 a long title 4
        post_attention_norm               5

        """)
    #expect(table.text(width: 200).split(separator: "\n").count == 2 && table.text(width: .max) == table.text(width: 200))
  }

  @Test("names that are equal where they can be seen get a number", arguments: [12, 16, 40])
  func numbered(width: Int) {
    let names = (0..<3).map { String(repeating: "a", count: 300) + "\($0)" + String(repeating: "b", count: 300) }
    let cut = TerminalText.cut(names, to: width)
    #expect(Set(cut).count == 3 && cut.nonEmptyAllSatisfy { TerminalText.columns(of: $0) <= width + 103 })
    var table = ColumnTable([.names("model"), .numbers("n")])
    let long = (0..<3).map { String(repeating: "a", count: 5000) + "\($0)" + String(repeating: "b", count: 5000) }
    for name in long { table.append([name, "1"]) }
    #expect(Set(table.text(width: width).split(separator: "\n").dropFirst()).count == 3)
  }

  @Test("a report of a pair fits any terminal", arguments: widths)
  func comparison(width: Int) throws {
    var report = try SampleComparison(layers: 3, extra: ["surplus." + String(repeating: "x", count: 90)]).comparison()
    report.isExplained = true
    for grouping in ComparisonReport.Grouping.allCases {
      let lines = report.text(by: grouping, palette: Palette(colours: false), width: min(width, 120), tables: width).split(
        separator: "\n")
      #expect(lines.nonEmptyAllSatisfy { TerminalText.columns(of: String($0)) <= width }, "\(grouping)")
    }
  }

  @Test("times are told in the units of people")
  func durations() {
    let told = [0.4, 8, 59.4, 59.6, 288, 3599.6, 7500].map { Figures.duration($0) }
    #expect(told == ["0 s", "8 s", "59 s", "1 min 0 s", "4 min 48 s", "1 h 0 min", "2 h 5 min"])
    #expect(Figures.duration(0.312, isExact: true) == "0.31 s" && Figures.duration(.infinity) == "–")
  }
}
