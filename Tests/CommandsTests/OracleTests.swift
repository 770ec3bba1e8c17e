import Foundation
import Testing

@testable import Commands

/// Every number against numpy in f64 (testdata/oracle/pairs.py).
@Suite struct OracleTests {
  static var pairs: [[String: Any]] {
    let data = FileManager.default.contents(atPath: Run.testdata + "oracle/pairs.json") ?? Data()
    let document = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    return document?["pairs"] as? [[String: Any]] ?? []
  }

  private static let tolerance = 1e-6

  /// The oracle names what lies in `testdata/variants` by its folder.
  private func paths(of pair: [String: Any]) throws -> (String, String) {
    let path = { (name: String) -> String in
      let plain = Run.testdata + name
      return FileManager.default.fileExists(atPath: plain) ? plain : Run.testdata + "variants/" + name
    }
    return (path(try #require(pair["candidate"] as? String)), path(try #require(pair["foundation"] as? String)))
  }

  private func agree(_ a: Any?, _ b: Any?, _ what: String) {
    switch (a as? Double, b as? Double) {
    case (let x?, let y?): #expect(abs(x - y) <= Self.tolerance, "\(what): \(x), expected \(y)")
    case (nil, nil): break
    default: Issue.record("\(what): \(String(describing: a)), expected \(String(describing: b))")
    }
  }

  @Test("there are ten pairs to agree on")
  func count() { #expect(Self.pairs.count == 10) }

  @Test("tensors, layers, roles and the whole agree with numpy to 1e-6", arguments: 0..<10)
  func figures(index: Int) throws {
    let expected = Self.pairs[index]
    let (candidate, foundation) = try paths(of: expected)
    let run = Run("compare", candidate, foundation, "--format", "json")
    #expect(run.exitCode == 0)

    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0["candidate"] as? String ?? "", $0) })
    let wanted = try #require(expected["tensors"] as? [[String: Any]])
    #expect(tensors.count == wanted.count)
    for tensor in wanted {
      let name = try #require(tensor["name"] as? String)
      let found = try #require(byName[name])
      for key in ["cosine", "centred_cosine", "relative_l2", "norm_ratio", "equal"] {
        agree(found[key], tensor[key], "\(name) \(key)")
      }
      #expect(found["non_finite"] as? Int == tensor["non_finite"] as? Int)
    }
    for (list, label) in [("layers", "layer"), ("roles", "role")] {
      let found = try #require(run.json[list] as? [[String: Any]])
      let all = try #require(expected[list] as? [[String: Any]])
      #expect(found.count == all.count)
      for row in all {
        let twin = try #require(found.first { "\($0[label] ?? "")" == "\(row[label] ?? "")" })
        for key in ["cosine", "centred_cosine", "equal"] { agree(twin[key], row[key], "\(label) \(row[label] ?? "") \(key)") }
        #expect(twin["parameters"] as? Int == row["parameters"] as? Int)
      }
    }
    let overall = try #require(expected["overall"] as? [String: Any])
    agree(run.verdict["cosine"], overall["cosine"], "overall")
    agree(run.verdict["coverage"], expected["coverage"], "coverage")
  }

  @Test("the heatmap agrees with numpy to 1e-6, over all roles and for each, plain and centred", arguments: 0..<10)
  func heatmaps(index: Int) throws {
    let expected = Self.pairs[index]
    let (candidate, foundation) = try paths(of: expected)
    let heatmap = try #require(expected["heatmap"] as? [String: Any])
    var views = [("", try #require(heatmap["all"] as? [String: Any]))]
    for (role, view) in try #require(heatmap["roles"] as? [String: [String: Any]]) { views.append((role, view)) }
    for (role, view) in views {
      for (metric, key) in [("cosine", "cosine"), ("centred", "centred_cosine")] {
        guard let wanted = view[key] as? [[Any]] else { continue }
        let arguments = ["heatmap", candidate, foundation, "--metric", metric, "--format", "json"]
        let run = role.isEmpty ? Run(arguments) : Run(arguments + ["--role", role])
        let cells = try #require(run.json["cells"] as? [[Any]], "\(run.line ?? "")")
        #expect(cells.count == wanted.count)
        for (row, wantedRow) in zip(cells, wanted) {
          #expect(row.count == wantedRow.count)
          for (cell, wantedCell) in zip(row, wantedRow) { agree(cell, wantedCell, "\(role) \(metric)") }
        }
      }
    }
  }
}
