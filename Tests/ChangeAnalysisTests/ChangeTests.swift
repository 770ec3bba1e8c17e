import ElementTypes
import TestKit
import Testing

@testable import ChangeAnalysis
@testable import WeightSimilarity

@Suite struct ChangeTests {
  private let base = TunedModel(seed: 5)

  private func kinds(_ change: Change) -> [String: RoleChange.Kind] {
    Dictionary(uniqueKeysWithValues: change.roles.map { ($0.role, $0.kind) })
  }

  @Test("a merged LoRA has one rank in the roles that it was for, and the rest is frozen", arguments: [false, true])
  func lowRank(isThorough: Bool) throws {
    let change = try #require(
      try base.adding(rank: 5, to: ["q_proj", "v_proj"], scale: 0.2).change(from: base, .bf16, isThorough: isThorough))
    #expect(change.lowRank == ChangeRank(rank: 5, roles: ["q_proj", "v_proj"], matrices: 6))
    #expect(change.changedMatrices == 6 && change.measuredMatrices == 6 && change.frozenLayers.isEmpty)
    let kinds = kinds(change)
    #expect(kinds["q_proj"] == .low(5) && kinds["o_proj"] == .frozen && kinds["input_norm"] == .frozen)
  }

  @Test("a change of rank r has rank r from either side")
  func symmetric() throws {
    let tuned = base.adding(rank: 5, to: ["q_proj", "v_proj"], scale: 0.2)
    let (there, back) = (try tuned.change(from: base, .f16), try base.change(from: tuned, .f16))
    #expect(there?.lowRank != nil && there?.lowRank == back?.lowRank)
  }

  @Test("layers that were left alone are named")
  func frozenLayers() throws {
    let change = try #require(
      try base.adding(noise: 0.1, to: Array(TunedModel.roles.keys), layers: [1]).change(from: base, .bf16))
    #expect(change.frozenLayers == [0, 2] && change.lowRank == nil)
    #expect(kinds(change)["up_proj"] == .full && change.roles.first { $0.role == "up_proj" }?.changedLayers == [1])
    #expect(change.layers.map { $0.relativeL2 == 0 } == [true, false, true])
  }

  @Test("a full finetuning of one role beside a LoRA of another is no LoRA")
  func mixed() throws {
    let tuned = base.adding(rank: 3, to: ["q_proj"], scale: 0.2).adding(noise: 0.1, to: ["up_proj"])
    let change = try #require(try tuned.change(from: base, .bf16))
    #expect(change.lowRank == nil && kinds(change)["q_proj"] == .low(3) && kinds(change)["up_proj"] == .full)
  }

  @Test("ranks that differ from matrix to matrix are bounded, and are no LoRA's")
  func bounded() throws {
    let tuned = (0..<3).reduce(base) { $0.adding(rank: 2 + $1, to: ["q_proj"], layers: [$1], scale: 0.2) }
    let change = try #require(try tuned.change(from: base, .bf16))
    #expect(change.lowRank == nil && kinds(change)["q_proj"] == .bounded(2...4))
  }

  @Test(
    "a cast leaves everything frozen, and every number looked at is the other one rounded", arguments: [ElementType.bf16, .f16])
  func cast(type: ElementType) throws {
    for (own, other) in [(type, ElementType.f32), (.f32, type)] {
      let rounded = try #require(try base.change(from: base, own, from: other))
      #expect(
        rounded.roundedShare == 1 && rounded.changedMatrices == 0 && rounded.roles.nonEmptyAllSatisfy { $0.kind == .frozen })
      let types = try #require(rounded.storage.types.first)
      #expect(rounded.storage.types.count == 1 && types.before == other.name && types.after == own.name)
    }
  }

  @Test("a LoRA that was merged and then cast has its rank, and what it left alone is frozen")
  func castLoRA() throws {
    let change = try #require(
      try base.adding(rank: 5, to: ["q_proj", "v_proj"], scale: 0.2).change(from: base, .bf16, from: .f32))
    #expect(change.lowRank?.rank == 5 && kinds(change)["k_proj"] == .frozen)
    let share = try #require(change.roundedShare)
    #expect(share > 0.5 && share < 0.9)
  }

  @Test("tokens that were added are counted, and the table above them is as it was")
  func tokens() throws {
    let change = try #require(try base.adding(tokens: 3).adding(noise: 0.1, to: ["q_proj"]).change(from: base, .f32))
    #expect(change.storage.tables == [.init(role: "embed_tokens", before: 40, after: 43)])
    #expect(kinds(change)["embed_tokens"] == .frozen)
  }

  @Test("of a large model few matrices of each role are looked at, and up to four where the rank is low")
  func sample() throws {
    let base = TunedModel(layers: 9, width: 32, seed: 3)
    let tuned = base.adding(rank: 2, to: ["q_proj"], scale: 0.2).adding(
      noise: 0.2, to: ["k_proj", "v_proj", "o_proj", "up_proj"])
    let change = try #require(try tuned.change(from: base, .f32, few: 0))
    let counts = Dictionary(uniqueKeysWithValues: change.roles.map { ($0.role, $0.ranks.count) })
    #expect(counts["q_proj"] == 4 && counts["k_proj"] == 1 && counts["up_proj"] == 1 && change.measuredMatrices == 8)
    #expect(kinds(change)["q_proj"] == .low(2) && change.changedMatrices == 45)
  }

  @Test("strangers have no change to speak of")
  func strangers() throws {
    #expect(try TunedModel(seed: 6).change(from: base, .f32) == nil)
  }

  @Test("threads do not change it")
  func threads() throws {
    let tuned = base.adding(rank: 5, to: ["q_proj", "v_proj"], scale: 0.2).adding(noise: 0.1, to: ["up_proj"])
    let all = try (1...4).map { try tuned.change(from: base, .bf16, threads: $0) }
    #expect(all[0] != nil && all.nonEmptyAllSatisfy { $0 == all[0] })
  }
}
