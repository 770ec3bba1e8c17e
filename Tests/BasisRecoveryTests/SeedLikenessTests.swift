import LinearAlgebra
import TestKit
import Testing

@testable import BasisRecovery

@Suite("Starts without anything in common are dropped")
struct SeedLikenessTests {
  private let rows = 200
  private let width = 64

  /// Unit rows without structure. Rows of a kind, every tenth, point along channel `kind`.
  private func random(_ seed: UInt64, kind: Int? = nil) -> Matrix {
    var random = SplitMix(seed: seed)
    let values = (0..<rows * width).map { _ in Float(Double(random.next() >> 11) * 0x1p-52 - 1) }
    var matrix = Matrix(rows: rows, columns: width, values: values)
    if let kind { for row in stride(from: 0, to: rows, by: 10) { matrix[row, kind] += 18 } }
    matrix.normaliseRows()
    return matrix
  }

  @Test("a quarter of right pairs shows, in another basis", arguments: 1...5)
  func right(seed: UInt64) {
    var generator = SeededGenerator(seed)
    let foundation = random(seed)
    var candidate = random(seed + 100)
    for row in 0..<rows / 4 { for c in 0..<width { candidate[row, c] = foundation[row, c] } }
    let turned = candidate.times(MaskedModel.randomBasis(width, &generator))
    #expect(SeedLikeness(candidate: turned, foundation: foundation).deviations > 4, "\(generator)")
  }

  @Test("unrelated rows show nothing, and rows of a kind, of which unlimited cosines would make fifty deviations, little", arguments: 1...5)
  func unrelated(seed: UInt64) {
    let found = SeedLikeness(candidate: random(seed + 200), foundation: random(seed + 300)).deviations
    #expect(abs(found) < 4)
    let kinds = SeedLikeness(candidate: random(seed + 400, kind: 3), foundation: random(seed + 500, kind: 5)).deviations
    #expect(abs(kinds) < 20)
  }

  @Test("rows that say nothing", arguments: [0, 1, 2, 3])
  func few(count: Int) {
    let zeros = Matrix(rows: count, columns: 8)
    #expect(SeedLikeness(candidate: zeros, foundation: zeros).deviations == 0)
  }
}

@Suite("Neurons in fewer coordinates, and in others")
struct NeuronSpaceTests {
  private func space() -> NeuronSpace {
    let model = MaskedModel(layers: 2, width: 96, neurons: 40, seed: 31)
    let rows = model.matrices.map { NeuronRows(NeuronLayer($0, most: .max), isGated: true) }
    return NeuronSpace(candidate: rows, foundation: rows)
  }

  @Test("folding keeps cosines nearly, and equal rows equal")
  func folded() {
    let (space, folded) = (space(), space().folded(to: 64, seed: 7))
    #expect(folded.width == 64 && folded.foundationWidth == 64)
    var (before, after, error) = (0.0, 0.0, 0.0)
    for (own, other) in zip(space.candidate, folded.candidate) {
      let (x, y) = (own.cosines(with: own)[1], other.cosines(with: other)[1])
      for i in 0..<x.rows {
        #expect(abs(y[i, i] - 1) < 1e-5)
        for j in 0..<i {
          before += Double(x[i, j] * x[i, j])
          after += Double(y[i, j] * y[i, j])
          error += Double((x[i, j] - y[i, j]) * (x[i, j] - y[i, j]))
        }
      }
    }
    // A third of the channels is added to another third.
    #expect(error < 2 * before && after < 4 * before)
    #expect(folded.candidate.map(\.matrices) == folded.foundation.map(\.matrices))
  }

  @Test("another order of channels keeps every cosine inside a model, and none with the other one")
  func shuffled() {
    let (space, shuffled) = (space(), space().shufflingCandidate(seed: 5))
    #expect(shuffled.foundation.map(\.matrices) == space.foundation.map(\.matrices))
    let (before, after) = (space.candidate[1], shuffled.candidate[1])
    for (x, y) in zip(before.cosines(with: before), after.cosines(with: after)) {
      for (a, b) in zip(x.values, y.values) { #expect(abs(a - b) < 1e-5) }
    }
    let own = after.cosines(with: before)[0]
    #expect((0..<own.rows).allSatisfy { own[$0, $0] < 0.9 })
  }
}
