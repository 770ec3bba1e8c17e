import Foundation
import LinearAlgebra
import TestKit
import Testing
import Threads

@testable import BasisRecovery
@testable import WeightSimilarity

@Suite("What an agreement of neurons proves")
struct BasisEvidenceTests {
  private func evidence(
    _ agreements: Int, of trials: Int, null: [Int] = [0], units: Int = 4, tries: Int = 1
  ) -> BasisEvidence {
    BasisEvidence(
      halves: [.init(agreements: agreements, trials: trials), .init(agreements: agreements, trials: trials)],
      draws: null.map { .init(kind: .otherLayers, seed: 1, agreements: $0, trials: trials) }, smallestUnit: 100, units: units,
      tries: tries, permuted: [agreements, 0, 1, 0])
  }

  @Test("no agreement proves nothing, more agreement proves more")
  func monotone() {
    let figures = [0, 1, 5, 20, 100, 400].map { evidence($0, of: 400).log10P }
    #expect(figures[0] == 0 && figures[1] == 0)
    #expect(zip(figures, figures.dropFirst()).nonEmptyAllSatisfy { $0 >= $1 } && (figures.last ?? 0) < -300)
  }

  @Test("agreement that the null draws have too proves nothing")
  func null() {
    #expect(evidence(20, of: 400, null: [0, 0]).log10P < -3)
    #expect(evidence(20, of: 400, null: [0, 20]).log10P == 0)
  }

  @Test("every try costs its logarithm, and both halves count as two")
  func tries() {
    let (one, four) = (evidence(100, of: 400), evidence(100, of: 400, tries: 4))
    #expect(abs(four.log10P - one.log10P - 0.602_059_991) < 1e-6)
    let chance = one.chance
    let tail = max(
      Binomial(trials: 400, chance: chance).log10UpperTail(100), BasisEvidence.log10LabelBound(agreements: 100, units: 4))
    #expect(abs(one.log10P - tail - 0.301_029_995) < 1e-6)
  }

  @Test("the label bound is above the frequency of as many fixed points of random orders", arguments: [2, 4, 6, 9])
  func bound(count: Int) {
    var random = SeededGenerator(95)
    let units = 2
    var reached = 0
    let draws = 20_000
    for _ in 0..<draws {
      var fixed = 0
      for _ in 0..<units { fixed += Array(0..<12).shuffled(using: &random).enumerated().count { $0.offset == $0.element } }
      if fixed >= count { reached += 1 }
    }
    // log₁₀ of the frequency plus three standard deviations.
    let share = Double(reached) / Double(draws)
    let bound = BasisEvidence.log10LabelBound(agreements: count, units: units)
    #expect(Double(draws) * share <= Double(draws) * pow(10, bound) + 3 * (share * Double(draws)).squareRoot(), "\(random)")
    #expect(bound <= 0)
  }

  @Test("p-values of the permutation test are uniform between independent models, and none is accused")
  func uniform() throws {
    let kinds = RandomMLP.Kind.allCases
    var values: [Double] = []
    for index in 0..<150 {
      var random = SeededGenerator(UInt64(9_600 + index))
      let kind = kinds[index % kinds.count]
      let frame = RandomMLP.Frame(kind, width: [4, 8, 12][index % 3], &random)
      let (a, b) = (
        RandomMLP(frame, layers: 1 + index % 2, neurons: 14, &random), RandomMLP(frame, layers: 2, neurons: 12, &random)
      )
      var sizes = SearchSizes()
      sizes.permutations = 199
      let recovery = BasisRecovery(
        b.matrices(isGated: index % 4 > 0), a.matrices(isGated: index % 4 > 0), tokens: nil, sizes: sizes,
        workers: Workers(threads: 1), seed: UInt64(index))
      guard let evidence = recovery.match()?.evidence else { continue }
      #expect(evidence.log10P > -2, "\(kind), \(random)")
      // In these two a neuron's rows in two matrices have to do with each other: what the test takes to be independent.
      if kind == .repeatedRows || kind == .alikeMatrices { continue }
      // Ties broken at random make a discrete p-value uniform.
      let (above, equal) = (
        evidence.permuted.count { $0 > evidence.permuted[0] }, evidence.permuted.count { $0 == evidence.permuted[0] }
      )
      values.append((Double(above) + random.uniform() * Double(equal)) / Double(evidence.permuted.count))
    }
    // Kolmogorov and Smirnov: above 1.95 once in a thousand.
    let sorted = values.sorted()
    let n = Double(sorted.count)
    let distance = sorted.enumerated().reduce(0.0) {
      max($0, $1.element - Double($1.offset) / n, Double($1.offset + 1) / n - $1.element)
    }
    #expect(sorted.count > 100 && distance * n.squareRoot() < 1.95, "\(distance * n.squareRoot())")
  }
}

extension RandomMLP {
  /// What the recovery reads.
  func matrices(isGated: Bool) -> [NeuronMatrices] {
    layers.enumerated().map { number, layer in
      func rows(_ values: [Float]) -> Matrix { Matrix(rows: neurons, columns: width, values: values) }
      func read(_ matrix: Matrix) -> MatrixRows {
        MatrixRows(rows: matrix.rows, columns: matrix.columns) { rows, columns in
          rows.flatMap { row in columns.map { matrix[row, $0] } }
        }
      }
      return NeuronMatrices(
        layer: number, gate: isGated ? read(rows(layer.gate)) : nil, up: read(rows(layer.up)),
        down: read(rows(layer.down).transposed), gain: layer.gain)
    }
  }
}
