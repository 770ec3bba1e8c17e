import Checkpoints
import ElementTypes
import Matching
import ModelAnatomy
import RoleInference
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Lineage
@testable import Unmask

/// Attention that was taken over into a model of other MLPs.
@Suite struct HeadStepTests {
  private static let (layers, heads, groups, size, width, neurons) = (8, 6, 6, 8, 48, 96)

  /// A Llama of normal numbers: matrices of attention (with the outputs as rows) and of MLPs.
  private struct Tiny {
    var attention: [[[Float]]]
    var mlps: [[[Float]]]
    var tokens: [Float]

    init(_ random: inout SeededGenerator) {
      func normal(_ rows: Int) -> [Float] { (0..<rows * width).map { _ in Float(random.normal()) } }
      attention = (0..<layers).map { _ in [heads, groups, groups, heads].map { normal($0 * size) } }
      mlps = (0..<layers).map { _ in (0..<3).map { _ in normal(neurons) } }
      tokens = normal(80)
    }

    /// In another basis, width × width, with the heads of each layer in another order.
    mutating func turnAttention(_ random: inout SeededGenerator) {
      let basis = random.orthogonalRows(width)
      for layer in attention.indices {
        let order = Array(0..<heads).shuffled(using: &random)
        for matrix in attention[layer].indices {
          let rows = attention[layer][matrix]
          var turned: [Float] = []
          for head in order {
            for row in head * size..<(head + 1) * size { turned += Self.product(rows[row * width..<(row + 1) * width], basis) }
          }
          attention[layer][matrix] = turned
        }
      }
    }

    /// A row times a square matrix.
    private static func product(_ row: ArraySlice<Float>, _ matrix: [Float]) -> [Float] {
      var product = [Float](repeating: 0, count: width)
      for (i, value) in row.enumerated() {
        for column in 0..<width { product[column] += value * matrix[i * width + column] }
      }
      return product
    }

    func anatomy(in folder: TemporaryFolder, as name: String) throws -> Anatomy {
      var builder = SafetensorsBuilder()
      func add(_ name: String, _ rows: [Float], isWriter: Bool = false) {
        let count = rows.count / width
        let values = isWriter ? (0..<rows.count).map { rows[$0 % count * width + $0 / count] } : rows
        builder.add(name, .f32, shape: isWriter ? [width, count] : [count, width], floats: values)
      }
      add("model.embed_tokens.weight", tokens)
      add("lm_head.weight", tokens)
      builder.add("model.norm.weight", .f32, shape: [width], floats: Array(repeating: 1, count: width))
      for layer in 0..<layers {
        let front = "model.layers.\(layer)."
        for norm in ["input_layernorm", "post_attention_layernorm"] {
          builder.add(front + norm + ".weight", .f32, shape: [width], floats: Array(repeating: 1, count: width))
        }
        for (matrix, role) in ["q", "k", "v", "o"].enumerated() {
          add(front + "self_attn.\(role)_proj.weight", attention[layer][matrix], isWriter: role == "o")
        }
        for (matrix, role) in ["gate", "up", "down"].enumerated() {
          add(front + "mlp.\(role)_proj.weight", mlps[layer][matrix], isWriter: role == "down")
        }
      }
      try folder.folder(name)
      try folder.write("{\"model_type\": \"llama\", \"head_dim\": \(size)}", to: name + "/config.json")
      return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: name + "/model.safetensors")))
    }
  }

  private func compared(_ candidate: Tiny, _ foundation: Tiny) throws -> PairComparison {
    let folder = TemporaryFolder()
    let pairing = PairingChoice.inPlace(
      try candidate.anatomy(in: folder, as: "b"), try foundation.anatomy(in: folder, as: "a"), workers: Workers(threads: 2))
    return try PairComparison(pairing, depth: .standard, detail: .relation, RunSettings(threads: 2))
  }

  @Test("attention behind another basis with new MLPs is partial, and said to be")
  func attentionAlone() throws {
    var random = SeededGenerator(61)
    let foundation = Tiny(&random)
    var candidate = Tiny(&random)
    candidate.attention = foundation.attention
    candidate.turnAttention(&random)
    let found = try compared(candidate, foundation)
    #expect(found.steps == [.inPlace, .layerOrder, .tables, .neurons, .heads, .gains])
    #expect(found.verdict.relation == .partial && found.verdict.score >= 0.5)
    guard case .headsAlike(let share, let log10P, neuronsDiffer: true) = found.verdict.reason else {
      Issue.record("\(String(describing: found.verdict.reason))")
      return
    }
    #expect(share > 0.9 && log10P <= -6 && found.verdict.log10P == log10P)
    let evidence = try #require(found.verdict.evidence.last)
    #expect(evidence.test == .headAgreement && evidence.value == share && evidence.draws == 0)
    #expect(evidence.nullMean > 0 && evidence.nullMean < 0.2 && evidence.nullSD > 0)
  }

  @Test("strangers were tested in both parts, and the reason says so")
  func strangers() throws {
    var random = SeededGenerator(62)
    let found = try compared(Tiny(&random), Tiny(&random))
    #expect(found.verdict.relation == .independent && found.verdict.score < 0.5)
    guard case .neuronsAndHeadsUnlike(rowsUnlike: true, let coverage) = found.verdict.reason else {
      Issue.record("\(String(describing: found.verdict.reason))")
      return
    }
    #expect(coverage == 1)
    #expect(
      found.verdict.evidence.map(\.test) == [
        .rowsInPlace, .tokenTable(role: "embed_tokens"), .tokenTable(role: "lm_head"), .neuronTables, .neuronAgreement,
        .headAgreement,
      ])
  }

  @Test("a copy whose neurons are found is not searched for heads")
  func neuronsFound() throws {
    var random = SeededGenerator(63)
    let foundation = Tiny(&random)
    var candidate = foundation
    for layer in candidate.mlps.indices {
      let order = Array(0..<Self.neurons).shuffled(using: &random)
      candidate.mlps[layer] = candidate.mlps[layer].map { rows in
        order.flatMap { rows[$0 * Self.width..<($0 + 1) * Self.width] }
      }
    }
    candidate.attention = Tiny(&random).attention
    #expect(try !compared(candidate, foundation).steps.contains(.heads))
  }
}
