import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import BasisRecovery
@testable import WeightSimilarity

/// A mixture of which a few experts are looked at: the same ones whatever was done to hide them.
@Suite struct LeadingExpertsTests {
  private let width = 8
  private let neurons = 6
  private let workers = Workers(threads: 2)

  /// One layer whose expert e has e + 1 for its down_proj's numbers, in `order`; gates and ups as given, by expert.
  private func model(_ gates: [[Float]?], _ ups: [[Float]], gain: [Float], order: [Int], down: Float = 1) throws -> Anatomy {
    var set = TensorSet()
    set.add("model.layers.0.post_attention_layernorm.weight", .f32, [width], gain)
    for (place, expert) in order.enumerated() {
      let name = "model.layers.0.mlp.experts.\(place)."
      if let gate = gates[expert] { set.add(name + "gate_proj.weight", .f32, [neurons, width], gate) }
      set.add(name + "up_proj.weight", .f32, [neurons, width], ups[expert])
      set.add(
        name + "down_proj.weight", .f32, [width, neurons], Array(repeating: down * Float(expert + 1), count: width * neurons))
    }
    return try set.anatomy()
  }

  /// The experts that are looked at, by what `model` wrote into them.
  private func largest(_ anatomy: Anatomy, _ most: Int, down: Float = 1) -> Set<Int> {
    Set(
      NeuronMatrices.largest(most, of: NeuronMatrices.all(of: anatomy), workers: workers).map {
        Int(($0.down.read(0..<1, 0..<1)[0] / down).rounded()) - 1
      })
  }

  private func normal(_ count: Int, _ random: inout SeededGenerator, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in scale * Float(random.normal()) }
  }

  @Test("another order, another basis, traded scales and folded gains leave them the same", arguments: 1...5)
  func masks(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let experts = 12
    let gates = (0..<experts).map { _ in normal(neurons * width, &random) }
    let ups = (0..<experts).map { _ in normal(neurons * width, &random) }
    let gain = (0..<width).map { _ in Float(1 + 0.3 * random.normal()) }
    let expected = largest(try model(gates, ups, gain: gain, order: Array(0..<experts)), 3)
    #expect(expected.count == 3)
    // Neurons in another order, gains folded, pairs of channels rotated.
    let neuronOrder = (0..<neurons).shuffled(using: &random)
    func hidden(_ rows: [Float], scale: Float) -> [Float] {
      neuronOrder.flatMap { row -> [Float] in
        let folded = (0..<width).map { scale * rows[row * width + $0] * gain[$0] }
        return (0..<width).map { $0 % 2 == 0 ? 0.6 * folded[$0] - 0.8 * folded[$0 + 1] : 0.8 * folded[$0 - 1] + 0.6 * folded[$0] }
      }
    }
    let masked = try model(
      gates.map { hidden($0, scale: 1) }, ups.map { hidden($0, scale: 4) }, gain: Array(repeating: 1, count: width),
      order: (0..<experts).shuffled(using: &random), down: 0.25)
    #expect(largest(masked, 3, down: 0.25) == expected, "seed \(seed)")
  }

  @Test("without gates it is ups times downs that tell")
  func plain() throws {
    var random = SeededGenerator(7)
    // Expert e is the larger in down, the smaller in up: 0 and 4 have the largest products.
    let scales: [Float] = [9, 1, 0.5, 0.2, 3]
    let ups = scales.map { normal(neurons * width, &random, scale: $0) }
    let anatomy = try model(Array(repeating: nil, count: 5), ups, gain: Array(repeating: 1, count: width), order: Array(0..<5))
    #expect(largest(anatomy, 2) == [0, 4])
  }

  @Test("where there are no more than wanted, all stay, and what all tokens pass is never one too many")
  func few() throws {
    let ones = [[Float]](repeating: Array(repeating: 1, count: neurons * width), count: 5)
    let units = NeuronMatrices.all(of: try model(ones, ones, gain: Array(repeating: 1, count: width), order: Array(0..<5)))
    #expect(NeuronMatrices.largest(5, of: units, workers: workers).map(\.expert) == [0, 1, 2, 3, 4])
    // Among equals the first.
    #expect(NeuronMatrices.largest(2, of: units, workers: workers).map(\.expert) == [0, 1])
    var dense = units[4]
    dense.expert = nil
    #expect(NeuronMatrices.first(2, of: units + [dense]).map(\.expert) == [0, 1, nil])
  }
}
