import Testing
import WeightSimilarity

@testable import Lineage

@Suite struct ScanFindingsTests {
  private func model(_ id: String, error: String? = nil) -> ScanFindings.Model {
    ScanFindings.Model(id: id, path: id, parameters: 1, layers: 1, architecture: nil, error: error)
  }

  private func pair(_ candidate: String, _ foundation: String, _ relation: Relation, _ score: Double) -> ScanPair {
    let verdict = Verdict(
      relation: relation, score: score, coverage: 1, cosine: 0, log10P: -1, rewrites: [], tuning: [], reason: nil, evidence: [],
      caveats: [])
    return ScanPair(candidate: candidate, foundation: foundation, verdict: verdict)
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
    #expect(!findings.unreadable.isEmpty)
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

  private func kin(_ candidate: String, _ foundation: String, _ own: Double, _ other: Double, _ relation: Relation = .derived)
    -> ScanPair
  {
    let verdict = Verdict(
      relation: relation, score: 1, coverage: 1, cosine: own, closeness: Closeness(toCandidate: own, toFoundation: other),
      log10P: -90, rewrites: [.layersDropped], tuning: [], reason: nil, evidence: [], caveats: [])
    return ScanPair(candidate: candidate, foundation: foundation, verdict: verdict)
  }

  @Test("copies are named as such; the nearest and the runner-up are models that differ, from the model's own side")
  func nearest() throws {
    let findings = ScanFindings(
      models: ["a", "b", "c", "d"].map { model($0) },
      pairs: [
        kin("b", "a", 1, 1, .identical), kin("c", "a", 0.9, 0.7), kin("c", "b", 0.9, 0.7), kin("d", "a", 0.8, 0.75),
        kin("d", "b", 0.8, 0.75), kin("d", "c", 0.6, 0.5),
      ], foundations: ["a", "b", "c", "d"])
    let rows = findings.nearest
    #expect(rows.map(\.candidate) == ["a", "b", "c", "d"])
    #expect(rows[0].copies == ["b"] && rows[0].nearest?.model == "d" && rows[0].runnerUp?.model == "c")
    #expect(abs(try #require(rows[0].gap) - 0.05) < 1e-12)
    #expect(rows[2].copies.isEmpty && rows[2].nearest?.model == "a" && rows[2].nearest?.copies == ["b"])
    // The copy of the nearest is no runner-up.
    #expect(rows[2].runnerUp?.model == "d" && rows[2].runnerUp?.closeness == 0.5)
  }

  @Test("a mixture is no foundation of its parents, and its own are its parents")
  func mixtures() throws {
    let mixture = Mixture(
      candidate: 2, parents: [.init(model: 0, share: 0.6), .init(model: 1, share: 0.4)], base: nil, kind: .linear, layers: [],
      residual: 0, isExact: true)
    let ids = ["a", "b", "m", "z"]
    let findings = ScanFindings(
      models: ids.map { model($0) },
      pairs: [
        kin("b", "a", 0.5, 0.5), kin("m", "a", 0.9, 0.9), kin("m", "b", 0.8, 0.8), kin("z", "a", 0.4, 0.4),
        kin("z", "b", 0.3, 0.3), kin("z", "m", 0.95, 0.95),
      ], foundations: ids, mixtures: [.init(mixture, ids: ids)])
    let rows = findings.nearest
    #expect(rows.map { $0.nearest?.model } == ["b", "a", "a", "m"])
    #expect(rows[2].runnerUp?.model == "b")
  }

  @Test("a quantised model is no foundation of a plain one, and kin in the model's own coordinates comes before masked kin")
  func direction() {
    func row(_ id: String, _ forms: Set<ModelForm> = []) -> ScanFindings.Model {
      ScanFindings.Model(id: id, path: id, parameters: 1, layers: 1, architecture: nil, forms: forms)
    }
    let masked = Verdict(
      relation: .derived, score: 1, coverage: 1, cosine: 0, alignedCosine: 0.99,
      closeness: Closeness(toCandidate: 0.99, toFoundation: 0.99), log10P: -90, rewrites: [], tuning: [], reason: nil,
      evidence: [], caveats: [])
    let findings = ScanFindings(
      models: [row("a"), row("b"), row("m"), row("q", [.quantised])],
      pairs: [
        kin("b", "a", 0.8, 0.8), .init(candidate: "m", foundation: "a", verdict: masked),
        .init(candidate: "m", foundation: "b", verdict: masked), kin("q", "a", 0.9, 0.9), kin("q", "b", 0.7, 0.7),
      ], foundations: ["a", "b", "m", "q"])
    #expect(findings.nearest.map { $0.nearest?.model } == ["b", "a", "a", "a"])
  }

  @Test("pairs are kept to the bit, without sentence and evidence, and ranked with the nearest kin first")
  func kept() {
    let list = [
      pair("b", "a", .independent, 0.2), kin("c", "a", 0.3, 0.3), pair("c", "b", .insufficient, 0.4), kin("d", "a", 0.9, 0.9),
      kin("d", "b", 1, 1, .identical),
    ]
    let pairs = ScanPairs(list)
    #expect(Array(pairs) == list && pairs.count == 5)
    #expect(pairs.ranked == [4, 3, 1, 2, 0])
    var table = VerdictTable(count: 2)
    table[1] = list[1].verdict
    #expect(table[0] == nil && table[1] == list[1].verdict && table.relation(1) == .derived)
    table[1] = nil
    #expect(table[1] == nil)
  }
}
