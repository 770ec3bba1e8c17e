import TestKit
import Testing

@testable import Sketches

@Suite struct SketchMixtureTests {
  /// Weights of a model of eight layers, as the sketch samples them.
  private typealias Weights = [Double]
  private static let (matrices, size) = (8 * DrawnPart.roles.count, 16 * 32)

  private func weights(_ spread: Double, _ random: inout SeededGenerator) -> Weights {
    (0..<Self.matrices * Self.size).map { _ in spread * random.normal() }
  }

  /// Σ of weights times factors.
  private func sum(_ parts: [(Double, Weights)]) -> Weights {
    parts[0].1.indices.map { k in parts.reduce(0) { $0 + $1.0 * $1.1[k] } }
  }

  private func part(_ weights: Weights, layers: Int = 8) -> PartSketch {
    let sketches = (0..<layers * DrawnPart.roles.count).map { matrix in
      let signs = (0..<16).map { row in
        (0..<32).reduce(UInt32(0)) { $0 | (weights[matrix * Self.size + 32 * row + $1] > 0 ? UInt32(1) << UInt32($1) : 0) }
      }
      return WeightSketch(
        role: DrawnPart.roles[matrix % DrawnPart.roles.count], layer: matrix / DrawnPart.roles.count, rows: 64, columns: 96,
        signs: signs, hash: [])
    }
    return PartSketch(name: "x", layers: layers, parameters: 1, weights: sketches, neurons: nil)
  }

  private func mixture(_ candidate: Weights, _ known: [Weights]) -> SketchMixture? {
    SketchMixture(candidate: part(candidate), known: known.map { part($0) }, log10Tries: 4)
  }

  @Test("merges of tuned models, of unrelated ones and of three are found, with about their shares")
  func found() throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let base = weights(1, &random)
    let tuned = (0..<4).map { _ in sum([(1, base), (1, weights(0.3, &random))]) }
    let linear = try #require(mixture(sum([(0.3, tuned[0]), (0.7, tuned[2])]), tuned), "\(random)")
    #expect(linear.parents.map(\.known) == [2, 0], "\(random)")
    #expect(abs(linear.parents[0].share - 0.7) < 0.06, "\(random)")
    let three = try #require(mixture(sum([(1, tuned[0]), (1, tuned[1]), (1, tuned[3])]), tuned), "\(random)")
    #expect(Set(three.parents.map(\.known)) == [0, 1, 3], "\(random)")
    let strangers = (0..<3).map { _ in weights(1, &random) }
    let crossed = try #require(mixture(sum([(0.7, strangers[1]), (0.3, strangers[0])]), strangers), "\(random)")
    #expect(crossed.parents.map(\.known) == [1, 0], "\(random)")
    #expect(abs(crossed.parents[0].share - 0.7) < 0.06, "\(random)")
    let half = Self.matrices / 2 * Self.size
    let stacked = try #require(mixture(Array(tuned[0][..<half] + tuned[1][half...]), tuned), "\(random)")
    #expect(Set(stacked.parents.map(\.known)) == [0, 1], "\(random)")
  }

  @Test("a sibling, the common base, a child, a noisy copy and a step of a training are no mixtures", arguments: 0..<8)
  func none(seed: Int) {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let base = weights(1, &random)
    let tuned = (0..<6).map { k in sum([(1, base), (1, weights(0.05 * Double(1 + k), &random))]) }
    let step = weights(0.3, &random)
    let later = sum([(1, tuned[5]), (1, sum([(0.5, step), (0.3, weights(1, &random))]))])
    for (name, candidate, known) in [
      ("sibling", sum([(1, base), (1, weights(0.2, &random))]), tuned), ("base", base, tuned),
      ("child", sum([(1, tuned[2]), (1, weights(0.2, &random))]), tuned), ("copy", tuned[0], tuned),
      ("noise", sum([(1, tuned[1]), (1, weights(0.02, &random))]), tuned),
      ("step", sum([(1, base), (1, step)]), [base, sum([(1, base), (1.5, step), (0.26, weights(1, &random))])]),
      ("between", tuned[5], [base, later]),
    ] {
      #expect(mixture(candidate, known) == nil, "\(name), \(random)")
    }
  }

  @Test("a part that lacks a matrix of the candidate is no parent")
  func incomparable() {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let strangers = (0..<2).map { _ in weights(1, &random) }
    let known = [part(strangers[0]), part(strangers[1], layers: 7)]
    let candidate = part(sum([(0.5, strangers[0]), (0.5, strangers[1])]))
    #expect(SketchMixture(candidate: candidate, known: known, log10Tries: 0) == nil)
  }
}
