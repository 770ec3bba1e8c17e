import TestKit

@testable import Sketches

/// Sketches of parts whose signs are drawn, for tests of what is made of them.
enum DrawnPart {
  static let roles = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  /// A part with random signs. `bias`: the chance of a 1. With `repeats`, the rows of a matrix agree in all but this share of their
  /// signs, as where all rows have something in common.
  static func part(
    layers: Int, bias: Double = 0.5, repeats: Double? = nil, roles: [String] = roles, _ random: inout SeededGenerator
  ) -> PartSketch {
    var weights: [WeightSketch] = []
    for layer in 0..<layers {
      for role in roles {
        let first = word(bias, &random)
        let signs = (0..<16).map { _ in
          guard let repeats else { return word(bias, &random) }
          return first ^ word(repeats, &random)
        }
        weights.append(WeightSketch(role: role, layer: layer, rows: 64, columns: 96, signs: signs, hash: []))
      }
    }
    return PartSketch(name: "language_model", layers: layers, parameters: 1, weights: weights, neurons: nil)
  }

  /// A part whose layers are some of another one's, with this share of the signs turned.
  static func derived(from part: PartSketch, layers: [Int], turned: Double, _ random: inout SeededGenerator) -> PartSketch {
    var weights: [WeightSketch] = []
    for (layer, origin) in layers.enumerated() {
      for weight in part.weights where weight.layer == origin {
        let signs = weight.signs.map { $0 ^ word(turned, &random) }
        weights.append(
          WeightSketch(role: weight.role, layer: layer, rows: weight.rows, columns: weight.columns, signs: signs, hash: []))
      }
    }
    return PartSketch(name: part.name, layers: layers.count, parameters: 1, weights: weights, neurons: nil)
  }

  private static func word(_ chance: Double, _ random: inout SeededGenerator) -> UInt32 {
    var word: UInt32 = 0
    for _ in 0..<32 { word = word << 1 | (random.uniform() < chance ? 1 : 0) }
    return word
  }
}
