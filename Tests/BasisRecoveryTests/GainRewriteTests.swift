import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import BasisRecovery

/// Gains that grew while the columns behind them shrank, among gains that only training changed.
@Suite struct GainRewriteTests {
  private static let (layers, width, neurons) = (2, 96, 700)

  /// A pair whose gains and matrices were all trained, where `traded` of a hundred channels were rescaled as well.
  private func pair(traded: Int, tuning: Float, _ random: inout SeededGenerator) throws
    -> (candidate: Anatomy, foundation: Anatomy)
  {
    var (foundation, candidate) = (TensorSet(), TensorSet())
    for layer in 0..<Self.layers {
      let factors = (0..<Self.width).map { $0 * 100 < traded * Self.width ? Float(1.5) : 1 }
      let gains = (0..<Self.width).map { _ in 1 + 0.2 * Float(random.normal()) }
      let tuned = gains.indices.map { gains[$0] * (1 + tuning * Float(random.normal())) * factors[$0] }
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        foundation.add("model.layers.\(layer).\(norm).weight", .f32, [Self.width], gains)
        candidate.add("model.layers.\(layer).\(norm).weight", .f32, [Self.width], tuned)
      }
      let matrices = [
        ("self_attn.q_proj", Self.width, Self.width), ("self_attn.k_proj", Self.width, Self.width),
        ("self_attn.v_proj", Self.width, Self.width), ("self_attn.o_proj", Self.width, Self.width),
        ("mlp.gate_proj", Self.neurons, Self.width), ("mlp.up_proj", Self.neurons, Self.width),
        ("mlp.down_proj", Self.width, Self.neurons),
      ]
      for (name, rows, columns) in matrices {
        let isReader = columns == Self.width && name != "self_attn.o_proj"
        let values = (0..<rows * columns).map { _ in Float(random.normal()) }
        let changed = values.indices.map { i in
          (values[i] + tuning * Float(random.normal())) / (isReader ? factors[i % columns] : 1)
        }
        foundation.add("model.layers.\(layer).\(name).weight", .f32, [rows, columns], values)
        candidate.add("model.layers.\(layer).\(name).weight", .f32, [rows, columns], changed)
      }
    }
    return (try candidate.anatomy(), try foundation.anatomy())
  }

  @Test(
    "a trade of gains is found however few channels it has, and training alone is none",
    arguments: [(0, 0.02), (0, 0.1), (6, 0.02), (6, 0.05), (50, 0.05)] as [(Int, Float)])
  func traded(percent: Int, tuning: Float) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let (candidate, foundation) = try pair(traded: percent, tuning: tuning, &random)
    let gains = GainRewrite(
      candidate: candidate, foundation: foundation, layers: [:], channels: nil, workers: Workers(threads: 2))
    #expect(gains.norms == 2 * Self.layers, "\(random)")
    #expect(gains.areTraded == (percent > 0), "\(gains.trade), \(random)")
    #expect(!gains.areFolded, "\(random)")
  }
}
