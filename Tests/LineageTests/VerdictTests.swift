import Checkpoints
import ElementTypes
import ModelAnatomy
import TensorFiles
import TestKit
import Testing
import WeightSimilarity

@testable import Lineage

/// Each rule of the in-place verdict on both sides of its boundary.
@Suite struct VerdictTests {
  private func verdict(_ pair: SyntheticPair) throws -> Verdict { Verdict(of: try pair.similarity()) }

  @Test("a copy is identical, with a score and a coverage of 1")
  func identical() throws {
    let found = try verdict(SyntheticPair(shared: 1, seed: 1))
    #expect(found.relation == .identical && found.score == 1 && found.coverage == 1 && found.warnings.isEmpty)
  }

  @Test("equal rows alike beyond chance are derived", arguments: [0.99, 0.5, 0.2])
  func derived(shared: Double) throws {
    let found = try verdict(SyntheticPair(shared: shared, seed: 2))
    #expect(found.relation == .derived && found.score >= 0.5)
    #expect(abs(try #require(found.cosine) - shared) < 0.05)
    let log10P = try #require(found.log10P)
    #expect(log10P <= -6 && found.evidence.count == 1)
    #expect(found.evidence[0].log10P == log10P && found.evidence[0].draws == 4 * 31)
    #expect(found.summary.hasPrefix("The candidate shares its origin with the foundation: mean cosine "))
  }

  @Test("a model of which some layers were drawn anew is partial, and the layers are named")
  func partial() throws {
    let found = try verdict(SyntheticPair(layers: 6, shared: 0.9, seed: 21, foreign: [1, 3, 4]))
    #expect(found.relation == .partial && found.score >= 0.5)
    #expect(found.summary.contains("layers 0, 2, 5 of 6 do, layers 1, 3–4 do not"))
  }

  @Test("layers in which the kinship of the others would hardly show are not called foreign")
  func faintLayers() throws {
    let pair = SyntheticPair(layers: 6, rows: 32, columns: 64, shared: 0.1, seed: 22, foreign: [2])
    #expect(try verdict(pair).relation != .partial)
  }

  @Test("a model that has the foundation's token embeddings alone is partial", arguments: [0.99, 0.5])
  func tokensAlone(shared: Double) throws {
    let found = try verdict(SyntheticPair(shared: 0, seed: 23, tokens: 200, sharedTokens: shared))
    #expect(found.relation == .partial && found.summary.contains("embed_tokens comes from the foundation, its layers do not"))
    #expect(found.evidence.map(\.test) == ["rows in place", "embed_tokens in place"])
  }

  @Test("strangers with tokens of one order are independent")
  func strangersWithTokens() throws {
    #expect(try verdict(SyntheticPair(shared: 0, seed: 24, tokens: 200)).relation == .independent)
  }

  @Test("runs of layers are written as ranges", arguments: [([0, 1, 2, 5], "0–2, 5"), ([7], "7"), ([], ""), ([1, 3], "1, 3")])
  func ranges(numbers: [Int], text: String) {
    #expect(LayerKinship.ranges(numbers) == text)
  }

  @Test("strangers are independent, told that re-ordered copies look so too")
  func independent() throws {
    let found = try verdict(SyntheticPair(shared: 0, seed: 3))
    #expect(found.relation == .independent && found.score < 0.1 && (found.log10P ?? -9) > -6)
    #expect(found.warnings.count == 1 && found.warnings[0].contains("re-ordered or rotated looks independent"))
  }

  @Test("a significant trace below an excess of 0.03 is no descent, above it is one")
  func trace() throws {
    // Long rows: even a hundredth is significant.
    var pair = SyntheticPair(layers: 2, rows: 32, columns: 16_384, shared: 0.015, seed: 4)
    let faint = try verdict(pair)
    #expect(try #require(faint.log10P) <= -6)
    #expect(faint.relation == .insufficient && faint.score < 0.5 && faint.summary.contains("too faint to call"))
    pair.shared = 0.045
    #expect(try verdict(pair).relation == .derived)
  }

  @Test("opposite rows are no strangers' rows")
  func opposite() throws {
    let found = try verdict(SyntheticPair(shared: -0.9, seed: 14))
    #expect(found.relation == .insufficient && found.score < 0.5 && found.summary.contains("signs turned"))
  }

  @Test("a test that would not see a kinship of a tenth says so")
  func powerless() throws {
    let found = try verdict(SyntheticPair(layers: 1, rows: 16, columns: 16, shared: 0, seed: 5))
    #expect(found.relation == .insufficient && found.summary.contains("a kinship of a tenth would not be seen"))
  }

  @Test("with less than half of the parameters compared, silence is not independence", arguments: [(255, true), (257, false)])
  func coverage(alone: Int, isEnough: Bool) throws {
    // The layers have 4 · 64 rows.
    let found = try verdict(SyntheticPair(shared: 0, seed: 6, alone: alone))
    #expect(found.relation == (isEnough ? .independent : .insufficient))
    #expect(isEnough || found.summary.contains("that is only 49.9 % of the candidate's parameters"))
  }

  @Test("kinship over a small part is kinship")
  func smallPart() throws {
    let found = try verdict(SyntheticPair(shared: 0.9, seed: 7, alone: 1000))
    #expect(found.relation == .derived && found.summary.contains("over 20.3 % of its parameters"))
  }

  @Test("without a common tensor, or without one that can carry a test, nothing can be told")
  func nothing() throws {
    let folder = TemporaryFolder()
    let build = { (name: String, shape: [Int]) in
      var builder = SafetensorsBuilder()
      builder.add(name, .f32, shape: shape, floats: Array(repeating: 1, count: shape.reduce(1, *)))
      return Anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "\(name).safetensors")))
    }
    let found = { (a: Anatomy, b: Anatomy) in
      Verdict(of: InPlacePass(Pairing(candidate: a, foundation: b), workers: Workers(threads: 1)).run())
    }
    let other = found(try build("a", [40, 40]), try build("b", [40, 40]))
    #expect(other.relation == .insufficient && other.score == 0 && other.log10P == nil && other.evidence.isEmpty)
    #expect(other.summary.hasPrefix("Nothing can be compared") && other.coverage == 0 && other.cosine == nil)

    var builder = SafetensorsBuilder()
    builder.add("gain", .f32, shape: [3], floats: [1, 2, 3])
    let gains = Anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "gains.safetensors")))
    builder.tensors = []
    builder.add("gain", .f32, shape: [3], floats: [1, 2, 4])
    let others = Anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "others.safetensors")))
    let vectors = found(gains, others)
    #expect(vectors.relation == .insufficient && vectors.summary.contains("no matrix is large enough"))
    #expect(vectors.summary.contains("all of the parameters compared") && vectors.cosine == nil)
  }

  @Test("scores rise with the evidence and never tie two strengths of it")
  func scores() throws {
    let scores = try [0.0, 0.2, 0.4, 0.6, 0.8].map { try verdict(SyntheticPair(shared: $0, seed: 8)).score }
    #expect(scores == scores.sorted() && Set(scores).count == scores.count)
    #expect(scores[0] < 0.5 && scores.dropFirst().allSatisfy { (0.5..<1).contains($0) })
  }

  @Test("layers that were moved are named as a rewrite, and their copy is not identical")
  func moved() throws {
    let found = Verdict(of: try SyntheticPair(shared: 1, seed: 9, origins: [0, 2, 1, 3]).similarity(order: true))
    #expect(found.relation == .derived && found.rewrites == ["layers reordered"] && abs((found.cosine ?? 0) - 1) < 1e-9)
  }

  @Test("where layers were looked for, the warning of independence says so")
  func searched() throws {
    let found = Verdict(of: try SyntheticPair(shared: 0, seed: 10).similarity(order: true))
    #expect(found.relation == .independent && found.rewrites.isEmpty)
    #expect(found.warnings.contains { $0.contains("layers in any order") })
  }
}
