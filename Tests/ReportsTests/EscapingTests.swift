import Foundation
import Lineage
import MemoryMapping
import Pictures
import ReportKit
import TestKit
import Testing
import TextFormats

@testable import Reports

/// Names that want to be more than names: in no format do they draw, calculate, link or break a row.
@Suite struct EscapingTests {
  static let hostile = [
    "\u{1B}[2J\u{1B}]0;title\u{7}", "a\u{202E}b\u{2066}c", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "\u{FF1D}1",
    "a\"\u{301},b",
    "\"\u{301}", "a|\u{301}b", "`\u{301}x`", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "a\r\nb",
    "a\nb\u{2028}c\u{85}",
    "\u{E0041}\u{E007F}", "\u{FEFF}", "\0", "", "\"\"", ",", "'", "\\u{41}",
  ]

  private func findings(_ name: String) throws -> ScanFindings {
    ScanFindings(
      models: [
        .init(id: name, path: name, parameters: 1, layers: 1, architecture: name),
        .init(id: name + "2", path: name, parameters: nil, layers: nil, architecture: nil, error: name + ": broken"),
      ], pairs: [.init(candidate: name, foundation: name + "3", verdict: try SampleComparison(layers: 0).comparison().verdict)],
      foundations: [name])
  }

  private func isCalm(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "\n" || !TerminalText.isUnsafe($0) }
  }

  @Test("file names in errors and texts in reports are escaped by one set of characters")
  func oneSet() {
    // Quotes and backslashes are escaped in errors alone, where names stand between quotes.
    let numbers: [ClosedRange<UInt32>] = [0...0x2FFF, 0xDF00...0xE0FF, 0xFD00...0x101FF, 0xE0000...0xE01FF, 0x10FF00...0x10FFFF]
    let scalars = numbers.joined().compactMap(Unicode.Scalar.init).filter { !"\"\\".unicodeScalars.contains($0) }
    #expect(scalars.count > 13_000)
    #expect(scalars.first { TerminalText.isUnsafe($0) == String($0).printable.unicodeScalars.elementsEqual([$0]) } == nil)
  }

  @Test("no format prints control characters or marks of direction", arguments: hostile)
  func calm(_ name: String) throws {
    let findings = try findings(name)
    for text in [
      findings.text(palette: Palette(colours: false)), findings.json(), findings.csv(), findings.markdown(),
      findings.heatmap.csv(),
    ] { #expect(isCalm(text)) }
  }

  @Test("JSON gives back every name as it is", arguments: hostile)
  func json(_ name: String) throws {
    let document = try #require(try JSONSerialization.jsonObject(with: Data(try findings(name).json().utf8)) as? [String: Any])
    let id = try #require((document["models"] as? [[String: Any]])?.first?["id"] as? String)
    #expect(id.utf8.elementsEqual(name.utf8))
  }

  @Test("a row of CSV is one line with as many cells as its head, and none is a formula", arguments: hostile)
  func csv(_ name: String) throws {
    let lines = try findings(name).csv().unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines.last?.isEmpty == true)
    for line in lines.dropLast() {
      let cells = cells(of: Array(line))
      #expect(cells.count == 12)
      for cell in cells {
        let isFormula = ["=", "+", "-", "@", "\u{FF1D}"].contains(cell.unicodeScalars.first) && Double(cell) == nil
        #expect(!isFormula, "\(cell)")
      }
    }
  }

  /// A plain reader of RFC 4180, by scalars.
  private func cells(of line: [Unicode.Scalar]) -> [String] {
    var cells = [""]
    var (isQuoted, at) = (false, 0)
    while at < line.count {
      let scalar = line[at]
      if isQuoted, scalar == "\"", at + 1 < line.count, line[at + 1] == "\"" {
        cells[cells.count - 1] += "\""
        at += 1
      } else if scalar == "\"" {
        isQuoted.toggle()
      } else if scalar == ",", !isQuoted {
        cells.append("")
      } else {
        cells[cells.count - 1].unicodeScalars.append(scalar)
      }
      at += 1
    }
    return cells
  }

  @Test("numbers in CSV stay numbers")
  func numbers() { #expect(CSVText.row(["-1.5", "-1e-05", "+3", "0", "-x"]) == "-1.5,-1e-05,+3,0,'-x\n") }

  @Test("in Markdown a name makes no tag, no link, no cell and no code", arguments: hostile)
  func markdown(_ name: String) {
    let escaped = MarkdownText.escaped(name)
    #expect(!escaped.unicodeScalars.contains("<"))
    for mark: Unicode.Scalar in ["|", "[", "]", "`"] {
      var before: Unicode.Scalar?
      for scalar in escaped.unicodeScalars {
        if scalar == mark { #expect(before == "\\") }
        before = scalar
      }
    }
    #expect(MarkdownText.code(name).unicodeScalars.count { $0 == "`" } == 2)
  }

  @Test("a name of a megabyte does not make every row as long")
  func long() {
    var table = ColumnTable([.words("name"), .numbers("n")])
    table.append([String(repeating: "x", count: 1 << 20), "1"])
    for i in 0..<1000 { table.append(["short", "\(i)"]) }
    #expect(table.text(width: .max).utf8.count < 2_000_000)
    #expect(table.text(width: 80).utf8.count < 200_000)
  }
}
