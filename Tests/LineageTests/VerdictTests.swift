import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Lineage

/// Each rule of the in-place verdict on both sides of its boundary.
@Suite struct VerdictTests {
  private func verdict(_ pair: SyntheticPair) throws -> Verdict { Verdict(of: try pair.similarity()) }

  @Test("a copy is identical, with a score and a coverage of 1")
  func identical() throws {
    let found = try verdict(SyntheticPair(shared: 1, seed: 1))
    #expect(found.relation == .identical && found.score == 1 && found.coverage == 1 && found.caveats.isEmpty)
    #expect(found.reason == .everyElementEqual)
  }

  @Test("equal rows alike beyond chance are derived", arguments: [0.99, 0.5, 0.2])
  func derived(shared: Double) throws {
    let found = try verdict(SyntheticPair(shared: shared, seed: 2))
    #expect(found.relation == .derived && found.score >= 0.5)
    #expect(abs(try #require(found.cosine) - shared) < 0.05)
    let log10P = try #require(found.log10P)
    #expect(log10P <= -6 && found.evidence.count == 1)
    #expect(found.evidence[0].log10P == log10P && found.evidence[0].draws == 4 * 31)
    #expect(found.reason == .rowsAlike(cosine: found.cosine, coverage: 1, log10P: log10P))
  }

  @Test("a model of which some layers were drawn anew is partial, and the layers are named")
  func partial() throws {
    let found = try verdict(SyntheticPair(layers: 6, shared: 0.9, seed: 21, foreign: [1, 3, 4]))
    #expect(found.relation == .partial && found.score >= 0.5)
    #expect(found.reason == .someLayers(derived: [0, 2, 5], foreign: [1, 3, 4], log10P: try #require(found.log10P)))
  }

  @Test("layers in which the kinship of the others would hardly show are not called foreign")
  func faintLayers() throws {
    let pair = SyntheticPair(layers: 6, rows: 32, columns: 64, shared: 0.1, seed: 22, foreign: [2])
    #expect(try verdict(pair).relation != .partial)
  }

  @Test(
    "a model with the foundation's token embeddings alone is independent if they are a small part; the table is named",
    arguments: [0.99, 0.5])
  func tokensAlone(shared: Double) throws {
    let found = try verdict(SyntheticPair(layers: 8, shared: 0, seed: 23, tokens: 50, sharedTokens: shared))
    #expect(found.relation == .independent)
    #expect(found.sharedParts == ["token_tables"])
    let tables = found.caveats.compactMap { caveat -> Double? in
      guard case .tokenTableAlike("embed_tokens", let excess, let log10P) = caveat, log10P < -6 else { return nil }
      return excess
    }
    #expect(tables.count == 1 && tables.allSatisfy { $0 > 0.4 })
    #expect(found.evidence.map(\.test) == [.rowsInPlace, .tokenTable(role: "embed_tokens")])
  }

  @Test(
    "a model of which a tenth or more are the foundation's token embeddings is not called independent", arguments: [60, 2_000])
  func largeTables(tokens: Int) throws {
    let found = try verdict(SyntheticPair(shared: 0, seed: 25, tokens: tokens, sharedTokens: 0.9))
    #expect(found.relation == .insufficient && found.score < 0.5 && found.sharedParts == ["token_tables"])
    #expect(found.reason == .tokenTablesAlike(share: Double(tokens) / Double(tokens + 4 * 64)))
  }

  @Test("strangers with tokens of one order are independent")
  func strangersWithTokens() throws {
    #expect(try verdict(SyntheticPair(shared: 0, seed: 24, tokens: 200)).relation == .independent)
  }

  @Test("strangers are independent, told that re-ordered copies look so too")
  func independent() throws {
    let found = try verdict(SyntheticPair(shared: 0, seed: 3))
    #expect(found.relation == .independent && found.score < 0.1 && (found.log10P ?? -9) > -6)
    #expect(found.caveats == [.storedCoordinatesOnly(layersInAnyOrder: false)] && found.reason == .rowsUnlike(coverage: 1))
  }

  @Test("a significant trace below an excess of 0.03 is no descent, above it is one")
  func trace() throws {
    // Long rows: even a hundredth is significant.
    var pair = SyntheticPair(layers: 2, rows: 32, columns: 16_384, shared: 0.015, seed: 4)
    let faint = try verdict(pair)
    #expect(try #require(faint.log10P) <= -6)
    #expect(faint.relation == .insufficient && faint.score < 0.5)
    #expect(faint.reason == .trace(excess: faint.evidence[0].value - faint.evidence[0].nullMean))
    pair.shared = 0.045
    #expect(try verdict(pair).relation == .derived)
  }

  @Test("opposite rows are no strangers' rows")
  func opposite() throws {
    let found = try verdict(SyntheticPair(shared: -0.9, seed: 14))
    #expect(found.relation == .insufficient && found.score < 0.5)
    #expect(found.reason == .oppositeRows(excess: found.evidence[0].value - found.evidence[0].nullMean))
  }

  @Test("a test that would not see a kinship of a tenth says so")
  func powerless() throws {
    let found = try verdict(SyntheticPair(layers: 1, rows: 16, columns: 16, shared: 0, seed: 5))
    #expect(found.relation == .insufficient && found.reason == .lowPower(coverage: 1))
  }

  @Test("with less than half of the parameters compared, silence is not independence", arguments: [(255, true), (257, false)])
  func coverage(alone: Int, isEnough: Bool) throws {
    // The layers have 4 · 64 rows.
    let found = try verdict(SyntheticPair(shared: 0, seed: 6, alone: alone))
    #expect(found.relation == (isEnough ? .independent : .insufficient))
    #expect(found.reason == (isEnough ? .rowsUnlike(coverage: found.coverage) : .lowCoverage(found.coverage)))
  }

  @Test("kinship over a small part is kinship")
  func smallPart() throws {
    let found = try verdict(SyntheticPair(shared: 0.9, seed: 7, alone: 1000))
    #expect(found.relation == .derived && found.coverage == 256.0 / 1256)
    #expect(found.reason == .rowsAlike(cosine: found.cosine, coverage: 256.0 / 1256, log10P: try #require(found.log10P)))
  }

  @Test("without a common tensor, or without one that can carry a test, nothing can be told")
  func nothing() throws {
    let folder = TemporaryFolder()
    let build = { (name: String, shape: [Int]) in
      var builder = SafetensorsBuilder()
      builder.add(name, .f32, shape: shape, floats: Array(repeating: 1, count: shape.reduce(1, *)))
      return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "\(name).safetensors")))
    }
    let found = { (a: Anatomy, b: Anatomy) in
      Verdict(of: InPlacePass(Pairing(candidate: a, foundation: b), workers: Workers(threads: 1)).run())
    }
    let other = found(try build("a", [40, 40]), try build("b", [40, 40]))
    #expect(other.relation == .insufficient && other.score == 0 && other.log10P == nil && other.evidence.isEmpty)
    #expect(other.reason == .nothingComparable && other.coverage == 0 && other.cosine == nil)

    var builder = SafetensorsBuilder()
    builder.add("gain", .f32, shape: [3], floats: [1, 2, 3])
    let gains = ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "gains.safetensors")))
    builder.tensors = []
    builder.add("gain", .f32, shape: [3], floats: [1, 2, 4])
    let others = ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "others.safetensors")))
    let vectors = found(gains, others)
    #expect(vectors.relation == .insufficient && vectors.reason == .matricesTooSmall(coverage: 1))
    #expect(vectors.cosine == nil)
  }

  @Test("scores rise with the evidence and never tie two strengths of it")
  func scores() throws {
    let scores = try [0.0, 0.2, 0.4, 0.6, 0.8].map { try verdict(SyntheticPair(shared: $0, seed: 8)).score }
    #expect(scores == scores.sorted() && Set(scores).count == scores.count)
    #expect(scores[0] < 0.5 && scores.dropFirst().nonEmptyAllSatisfy { (0.5..<1).contains($0) })
  }

  @Test("layers that were moved are named as a rewrite, and their copy is not identical")
  func moved() throws {
    let found = Verdict(of: try SyntheticPair(shared: 1, seed: 9, origins: [0, 2, 1, 3]).similarity(order: true))
    #expect(found.relation == .derived && found.rewrites == [.layersReordered] && abs((found.cosine ?? 0) - 1) < 1e-9)
  }

  @Test("where layers were tried in any order, the caveat of independence says so")
  func searched() throws {
    let found = Verdict(of: try SyntheticPair(shared: 0, seed: 10).similarity(order: true))
    #expect(found.relation == .independent && found.rewrites.isEmpty)
    #expect(found.caveats == [.storedCoordinatesOnly(layersInAnyOrder: true)])
  }
}
