import Foundation
import Lineage
import Testing

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
      ScanFindings.Pair(candidate: ids[places.0], foundation: ids[places.1], verdict: verdict)
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
    #expect(lines[0] == "3 models, 3 pairs compared, 1 of them kin")
    #expect(lines[1] == "family (2): a, b" && lines[2] == "without kin here (1): c")
    #expect(lines[3].hasPrefix("candidate") && lines[4].hasPrefix("b          a           derived"))
    #expect(lines.last == "error: /models/broken/model.safetensors: too short; fetch it again")
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
    #expect(table.allSatisfy { $0.count <= 80 })
    let row = try #require(table.last)
    #expect(row.hasPrefix("b/long") && row.contains(" a/long") && row.contains("…"))
  }

  @Test("CSV and JSON have every pair, text the first forty")
  func all() throws {
    let ids = (0..<12).map { "m\($0)" }
    let strangers = ids.indices.flatMap { i in (0..<i).map { (i, $0) } }
    let found = try findings(ids, kin: [], strangers: strangers, broken: [model("x,y", error: "says \"no\"")])
    #expect(strangers.count == 66)
    let csv = found.csv().split(separator: "\n")
    #expect(csv.count == 68 && csv[67] == "\"x,y\",,error,,,,,,\"says \"\"no\"\"\"")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(found.json().utf8)) as? [String: Any])
    #expect((json["pairs"] as? [Any])?.count == 66 && (json["models"] as? [Any])?.count == 13)
    #expect((json["groups"] as? [[String]])?.count == 12 && (json["mixtures"] as? [Any])?.isEmpty == true)
    #expect(found.text(palette: plain).contains("… and 26 more pairs (--format csv or json has all)"))
  }
}
