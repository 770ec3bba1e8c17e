import Testing

@testable import Lineage

@Suite struct ScanFindingsTests {
  private func model(_ id: String, error: String? = nil) -> ScanFindings.Model {
    ScanFindings.Model(id: id, path: id, parameters: 1, layers: 1, architecture: nil, error: error)
  }

  private func pair(_ candidate: String, _ foundation: String, _ relation: Relation, _ score: Double) -> ScanFindings.Pair {
    let verdict = Verdict(
      relation: relation, score: score, coverage: 1, cosine: 0, log10P: -1, rewrites: [], tuning: [], summary: "", evidence: [],
      warnings: [])
    return ScanFindings.Pair(candidate: candidate, foundation: foundation, verdict: verdict)
  }

  @Test("families are connected by kinship, through others too; broken models are in none")
  func groups() {
    let findings = ScanFindings(
      models: ["a", "b", "c", "d"].map { model($0) } + [model("e", error: "broken")],
      pairs: [
        pair("b", "a", .derived, 1), pair("c", "b", .identical, 1), pair("c", "a", .independent, 0),
        pair("d", "a", .insufficient, 0),
      ],
      foundations: ["a", "b", "c", "d"])
    #expect(findings.groups == [["a", "b", "c"], ["d"]])
    #expect(findings.hasErrors)
  }

  @Test("scores are symmetric when all were compared with all, and undefined where nothing was compared")
  func symmetric() {
    let findings = ScanFindings(
      models: ["a", "b", "c"].map { model($0) }, pairs: [pair("b", "a", .derived, 0.9)], foundations: ["a", "b", "c"])
    let scores = findings.scores()
    #expect(scores.rows == ["a", "b", "c"] && scores.columns == scores.rows)
    #expect(scores.cells == [[1, 0.9, nil], [0.9, 1, nil], [nil, nil, 1]])
  }

  @Test("against named foundations the columns are those")
  func against() {
    let findings = ScanFindings(
      models: ["a", "b", "c"].map { model($0) }, pairs: [pair("b", "a", .derived, 0.9), pair("c", "a", .independent, 0.1)],
      foundations: ["a"])
    let scores = findings.scores()
    #expect(scores.rows == ["b", "c"] && scores.columns == ["a"])
    #expect(scores.cells == [[0.9], [0.1]])
  }
}
