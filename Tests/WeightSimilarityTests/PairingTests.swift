import ElementTypes
import ModelAnatomy
import ModelKit
import TensorFiles
import TestKit
import Testing

@testable import WeightSimilarity

@Suite struct PairingTests {
  private func ones(_ shape: [Int]) -> [Float] { Array(repeating: 1, count: shape.reduce(1, *)) }

  private func set(_ tensors: [(String, [Int])]) -> TensorSet { TensorSet(tensors.map { ($0.0, .f32, $0.1, ones($0.1)) }) }

  private static let decoder: [(String, [Int])] = [
    ("model.embed_tokens.weight", [10, 4]), ("model.layers.0.self_attn.q_proj.weight", [4, 4]), ("model.norm.weight", [4]),
  ]

  @Test("two models of the same tensors are paired whole, wrappers in front of the names or not")
  func whole() throws {
    let wrapped = Self.decoder.map { ("language_model." + $0.0, $0.1) }
    let pairing = try set(wrapped).pairing(with: set(Self.decoder))
    #expect(pairing.pairs.count == 3 && pairing.coverage == 1 && !pairing.isIncomplete)
    #expect(pairing.unmatchedCandidate.isEmpty && pairing.unmatchedFoundation.isEmpty && pairing.caveats.isEmpty)
    #expect(pairing.pairs.nonEmptyAllSatisfy { $0.isWhole && $0.role == $0.foundation.role })
  }

  @Test("coverage is the candidate's share, and what has no counterpart is named on its side")
  func coverage() throws {
    let more = Self.decoder + [("model.layers.1.self_attn.q_proj.weight", [4, 4]), ("adapter.weight", [2, 2])]
    let candidate = try set(more).pairing(with: set(Self.decoder))
    #expect(candidate.coverage == 60.0 / 80.0 && candidate.isIncomplete)
    #expect(candidate.unmatchedCandidate == ["adapter.weight", "model.layers.1.self_attn.q_proj.weight"])
    #expect(candidate.unmatchedFoundation.isEmpty)
    let foundation = try set(Self.decoder).pairing(with: set(more))
    #expect(foundation.coverage == 1 && foundation.isIncomplete)
    #expect(foundation.unmatchedFoundation == ["adapter.weight", "model.layers.1.self_attn.q_proj.weight"])
  }

  @Test("tables of tokens are compared over the rows that both have", arguments: [(10, 13), (13, 10)])
  func commonRows(candidate: Int, foundation: Int) throws {
    let table = { (rows: Int) in [("model.embed_tokens.weight", [rows, 4])] + Self.decoder.dropFirst() }
    let pairing = try set(table(candidate)).pairing(with: set(table(foundation)))
    let pair = try #require(pairing.pairs.first { $0.role == .embedTokens })
    #expect(pair.rows == 10 && !pair.isWhole && pair.parameters == 40)
    #expect(pairing.coverage == 60.0 / Double(candidate * 4 + 20))
    #expect(pairing.unmatchedCandidate.isEmpty && pairing.unmatchedFoundation.isEmpty)
  }

  @Test("tables of tokens of different width are unmatched on both sides")
  func otherWidth() throws {
    let other: [(String, [Int])] = [("model.embed_tokens.weight", [10, 5])] + Self.decoder.dropFirst()
    let pairing = try set(other).pairing(with: set(Self.decoder))
    #expect(pairing.unmatchedCandidate == ["model.embed_tokens.weight"])
    #expect(pairing.unmatchedFoundation == ["model.embed_tokens.weight"])
  }

  @Test("matrices of different shapes are unmatched, also with the same number of elements", arguments: [[2, 8], [5, 4], [16]])
  func otherShape(shape: [Int]) throws {
    let name = "model.layers.0.self_attn.q_proj.weight"
    let other: [(String, [Int])] = [Self.decoder[0], (name, shape), Self.decoder[2]]
    let pairing = try set(other).pairing(with: set(Self.decoder))
    #expect(pairing.unmatchedCandidate == [name] && pairing.unmatchedFoundation == [name])
    #expect(pairing.coverage == 44.0 / Double(44 + shape.reduce(1, *)))
  }

  @Test("a stored head is held against the embedding of a model whose head is tied, on either side, and covers nothing twice")
  func tied() throws {
    let headed = Self.decoder + [("lm_head.weight", [10, 4])]
    for (candidate, foundation, coverage) in [(headed, Self.decoder, 1.0), (Self.decoder, headed, 1.0)] {
      let pairing = try set(candidate).pairing(with: set(foundation))
      let head = try #require(pairing.pairs.first { $0.role == .lmHead })
      #expect(head.candidate.role != head.foundation.role && head.isWhole)
      #expect(pairing.unmatchedCandidate.isEmpty && pairing.unmatchedFoundation.isEmpty)
      #expect(try #require(pairing.coverage) <= coverage)
    }
    #expect(try set(Self.decoder).pairing(with: set(headed)).coverage == 1)
  }

  @Test("a single shard without a head is not taken for a model with a tied one")
  func shard() throws {
    let headed = Self.decoder + [("lm_head.weight", [10, 4])]
    let shard = Array(Self.decoder.dropLast())
    let pairing = try set(shard).pairing(with: set(headed))
    #expect(!pairing.pairs.contains { $0.role == .lmHead })
    #expect(pairing.unmatchedFoundation == ["lm_head.weight", "model.norm.weight"])
  }

  @Test("complex numbers are no match for real ones")
  func complex() throws {
    var (a, b) = (TensorSet(), TensorSet())
    a.add("layers.0.w", .c64, [2, 2], bytes: Array(repeating: 1, count: 32))
    b.add("layers.0.w", .f32, [2, 2], [1, 2, 3, 4])
    let pairing = try a.pairing(with: b)
    #expect(pairing.pairs.isEmpty)
    #expect(pairing.unmatchedCandidate == ["layers.0.w"] && pairing.unmatchedFoundation == ["layers.0.w"])
    #expect(pairing.coverage == 0)
    #expect(try a.pairing(with: a).pairs.count == 1)
  }

  @Test("codes of quantised matrices are compared for equality when their type and shape agree, and cover nothing")
  func codes() throws {
    let build = { (code: UInt8, columns: Int) in
      var set = TensorSet()
      set.add("layers.0.up.qweight", .i8, [2, columns], bytes: Array(repeating: code, count: 2 * columns))
      set.add("layers.0.down.weight", .f32, [2, 2], [1, 2, 3, 4])
      return set
    }
    let same = try build(1, 4).pairing(with: build(2, 4))
    #expect(same.stored.count == 1 && !same.isIncomplete && same.coverage == 4.0 / 12.0)
    #expect(try build(1, 4).similarity(to: build(1, 4)).isIdentical)
    #expect(try !build(1, 4).similarity(to: build(2, 4)).isIdentical)
    let other = try build(1, 4).pairing(with: build(1, 5))
    #expect(other.stored.isEmpty && other.isIncomplete)
    #expect(other.unmatchedCandidate == ["layers.0.up.qweight"] && other.unmatchedFoundation == ["layers.0.up.qweight"])
  }

  @Test("every tensor of both is in a pair or in a list, whatever is renamed, reshaped or retyped", arguments: 0..<12)
  func nothingDropped(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let pick = { (random: inout SeededGenerator) -> [(String, ElementType, [Int])] in
      var tensors: [(String, ElementType, [Int])] = []
      let names = [
        "embed_tokens", "norm", "layers.0.mlp.up_proj", "layers.0.mlp.down_proj", "layers.1.mlp.up_proj", "layers.1.x",
        "layers.0.mlp.experts.0.up_proj", "layers.0.mlp.experts.1.up_proj", "tower.layers.0.mlp.up_proj",
      ]
      for name in names where random.next() % 4 != 0 {
        let shape = [[2, 2], [4], [2, 2], [3, 2], []][Int(random.next() % 5)]
        tensors.append(("model.\(name).\(["weight", "bias", "qweight"][Int(random.next() % 3)])", .f32, shape))
      }
      if random.next() % 2 == 0 { tensors.append(("lm_head.weight", .f32, [2, 2])) }
      return tensors
    }
    let (a, b) = (pick(&random), pick(&random))
    let build = { (tensors: [(String, ElementType, [Int])]) in
      TensorSet(tensors.map { ($0.0, $0.1, $0.2, Array(repeating: 1, count: $0.2.reduce(1, *))) })
    }
    let pairing = try build(a).pairing(with: build(b))
    let paired = pairing.pairs + pairing.stored
    let candidate = Set(paired.map(\.candidate.tensor.name.string)).union(pairing.unmatchedCandidate)
    let foundation = Set(paired.map(\.foundation.tensor.name.string)).union(pairing.unmatchedFoundation)
    #expect(candidate == Set(a.map(\.0)), "\(random)")
    #expect(foundation == Set(b.map(\.0)), "\(random)")
    let coverage = pairing.coverage ?? 0
    #expect((0...1).contains(coverage), "\(random)")
  }

  @Test("a model without weights has no coverage")
  func nothing() throws {
    let pairing = try TensorSet().pairing(with: set(Self.decoder))
    #expect(pairing.coverage == nil && pairing.pairs.isEmpty && pairing.unmatchedFoundation.count == 3)
  }
}
