import Foundation
import Lineage
import ReportKit
import ReportPages
import TestKit
import Testing

@testable import Pictures
@testable import Reports

/// `Verdict`s are made by comparisons only, so pairs come from one.
@Suite struct ScanReportTests {
  private let plain = Palette(colours: false)

  private func model(_ id: String, error: String? = nil) -> ScanFindings.Model {
    let parameters = error == nil ? 10 : nil
    return ScanFindings.Model(
      id: id, path: "/models/" + id, parameters: parameters, layers: 1, architecture: nil, error: error)
  }

  private func findings(_ ids: [String], kin: [(Int, Int)], strangers: [(Int, Int)], broken: [ScanFindings.Model] = []) throws
    -> ScanFindings
  {
    let derived = try SampleComparison().comparison().verdict
    let nothing = try SampleComparison(layers: 0, extra: ["a"]).comparison().verdict
    let pair = { (places: (Int, Int), verdict: Verdict) in
      ScanPair(candidate: ids[places.0], foundation: ids[places.1], verdict: verdict)
    }
    return ScanFindings(
      models: ids.map { model($0) } + broken, pairs: strangers.map { pair($0, nothing) } + kin.map { pair($0, derived) },
      foundations: ids)
  }

  @Test("families come first, the surest kin lead the table, what could not be read comes last")
  func text() throws {
    let broken = model("broken", error: "/models/broken/model.safetensors: too short; fetch it again")
    let found = try findings(["a", "b", "c"], kin: [(1, 0)], strangers: [(2, 0), (2, 1)], broken: [broken])
    let lines = found.text(palette: plain).split(separator: "\n").map(String.init)
    #expect(lines[0] == "3 models, 3 pairs compared, 1 of them related")
    #expect(lines[1] == "family (2): a, b" && lines[2] == "without relatives here (1): c")
    let pairs = try #require(lines.firstIndex(of: "The order of a pair says nothing about which model came first."))
    #expect(lines[pairs + 1].hasPrefix("candidate") && lines[pairs + 2].hasPrefix("b          a           derived"))
    // What is nearest to what is told before the pairs.
    #expect(lines[3].hasPrefix("model  nearest") && pairs > 3)
    #expect(lines.last == "error: /models/broken/model.safetensors: too short; fetch it again")
  }

  @Test("text has the first errors, JSON all")
  func manyErrors() throws {
    let broken = (0..<50).map { model("b\($0)", error: "cut") }
    let found = try findings(["a"], kin: [], strangers: [], broken: broken)
    let text = found.text(palette: plain)
    #expect(text.components(separatedBy: "error: ").count == 41)
    #expect(text.hasSuffix("\n… and 10 more errors (--format csv or json lists all)\n"))
    #expect(found.json().components(separatedBy: "\"cut\"").count == 51)
  }

  @Test("an error that does not name its model gets the name in front")
  func named() throws {
    let found = try findings(["a"], kin: [], strangers: [], broken: [model("b", error: "cut")])
    let text = found.text(palette: plain)
    #expect(text.contains("error: b: cut\n") && text.hasPrefix("1 model, 0 pairs compared"))
  }

  @Test("two long names share the loss, and the table fits 80 columns")
  func width() throws {
    let ids = ["a", "b"].map { $0 + String(repeating: "/long_name", count: 20) }
    let table = try findings(ids, kin: [(1, 0)], strangers: []).text(palette: plain).split(separator: "\n").suffix(2)
    #expect(table.nonEmptyAllSatisfy { $0.count <= 80 })
    let row = try #require(table.last)
    #expect(row.hasPrefix("b/long") && row.contains(" a/long") && row.contains("…"))
  }

  @Test("a table that is too wide leaves out the folder that all names share, and says which")
  func parent() throws {
    let folder = "/data/of/a/team/with/a/long/path/to/the/models/"
    let found = try findings(["base", "tuned"].map { folder + $0 }, kin: [(1, 0)], strangers: [])
    let narrow = found.text(palette: plain)
    #expect(narrow.contains("names are below \(folder)\n") && narrow.contains("\ntuned      base        derived"))
    let whole = found.text(palette: plain, tables: .max)
    #expect(whole.contains("\n\(folder)tuned  \(folder)base  derived") && !whole.contains("names are below"))
  }

  @Test("CSV and JSON have every pair, text the first forty")
  func all() throws {
    let ids = (0..<12).map { "m\($0)" }
    let strangers = ids.indices.flatMap { i in (0..<i).map { (i, $0) } }
    let found = try findings(ids, kin: [], strangers: strangers, broken: [model("x,y", error: "says \"no\"")])
    #expect(strangers.count == 66)
    let csv = found.csv().split(separator: "\n")
    #expect(csv.count == 68 && csv[67] == "\"x,y\",,error,,,,,,,,\"says \"\"no\"\"\",")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(found.json().utf8)) as? [String: Any])
    #expect((json["pairs"] as? [Any])?.count == 66 && (json["models"] as? [Any])?.count == 13)
    #expect((json["groups"] as? [[String]])?.count == 12 && (json["mixtures"] as? [Any])?.isEmpty == true)
    #expect(found.text(palette: plain).contains("… and 26 more pairs (--format csv or json lists all)"))
  }

  @Test("the picture has families together, the largest first, with a line where one ends; the CSV keeps the order of names")
  func families() throws {
    let found = try findings(["a", "b", "c", "d", "e", "f"], kin: [(5, 1), (4, 2), (5, 3)], strangers: [(1, 0), (2, 0)])
    let map = found.familyMap
    #expect(map.rows == ["b", "d", "f", "c", "e", "a"] && map.columns == map.rows)
    #expect(map.rowBreaks == [3, 5] && map.columnBreaks == [3, 5])
    let score = try #require(found.pairs.first { $0.candidate == "f" }?.verdict.score)
    #expect(map.cells[2][0] == score && map.cells[0][2] == score && map.cells[0][0] == 1 && map.cells[0][5] == 0)
    #expect(found.heatmap.rows == ["a", "b", "c", "d", "e", "f"])
  }

  @Test("with named foundations rows and columns are each in the order of families")
  func against() throws {
    let all = try findings(["a", "b", "c"], kin: [(2, 0)], strangers: [(1, 0)])
    let found = ScanFindings(models: all.models, pairs: all.pairs, foundations: ["a"])
    #expect(found.familyMap.columns == ["a"] && found.familyMap.rows == ["c", "b"] && found.familyMap.rowBreaks == [1])
    #expect(found.familyMap.columnBreaks.isEmpty)
  }

  @Test("a scan's page has families, matrix, pairs, models and what could not be read, and nothing of a name becomes markup")
  func page() throws {
    let names = ["<b>", "b\"", "c&"]
    let found = try findings(names, kin: [(1, 0)], strangers: [(2, 0), (2, 1)], broken: [model("<i>", error: "</script>")])
    let document = try ParsedMarkup(found.html())
    #expect(document.count("b") == 0 && document.count("i") == 0 && document.count("table") == 3 && document.count("svg") == 1)
    #expect(document.texts.contains("one family") && document.texts.contains("family (2): <b>, b\""))
    #expect(document.texts.contains("Warning: <i>: </script>"))
    let kinds = document.attributes("tr", "class").filter { !$0.isEmpty }
    #expect(kinds == ["kin", "open", "open"])
  }

  @Test("ten errors stand at the head of a page, the rest are counted there and named in its table")
  func errors() throws {
    let broken = (0..<12).map { model("broken-\($0)", error: "cut short \($0)") }
    let document = try ParsedMarkup(try findings(["a"], kin: [], strangers: [], broken: broken).html())
    let warnings = document.texts.filter { $0.hasPrefix("Warning: ") }
    #expect(warnings.count == 11 && warnings[10] == "Warning: 2 models more could not be read; see the table")
    #expect(document.texts.contains("cut short 11"))
  }

  @Test("a scan that found nothing, and one without a model, are pages too")
  func nothing() throws {
    for found in [
      try findings([], kin: [], strangers: []), try findings(["a"], kin: [], strangers: []),
      try findings(["a", "b"], kin: [], strangers: [(1, 0)]),
    ] {
      #expect(try ParsedMarkup(found.html()).texts.contains("no related models"))
    }
  }

  @Test("a scan of hundreds of models is a page of a few megabytes, which says what it leaves out")
  func large() throws {
    let ids = (0..<220).map { "models--organisation--model-\($0)" }
    let strangers = ids.indices.flatMap { i in (0..<i).filter { ($0, i) != (0, 1) }.map { (i, $0) } }
    let found = try findings(ids, kin: [(1, 0)], strangers: strangers)
    let page = found.html()
    #expect(page.utf8.count < 4_000_000, "\(page.utf8.count)")
    #expect(page.contains("24,090 pairs, of which the first 10,000 are shown; --format csv has all"))
    #expect(page.contains("--format json writes them") && !page.contains("id=\"data\""))
    let document = try ParsedMarkup(page)
    #expect(document.count("image") == 1 && document.texts.contains("models--organisation--model-219"))
  }
}
