import Foundation
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct RowShiftTestTests {
  private func test(_ candidate: SyntheticModel, _ foundation: SyntheticModel) throws -> RowShiftTest {
    let folder = TemporaryFolder()
    let pairing = Pairing(
      candidate: try candidate.anatomy(in: folder, as: "a"), foundation: try foundation.anatomy(in: folder, as: "b"))
    return try #require(InPlacePass(pairing, workers: Workers(threads: 2)).run().rowShift)
  }

  @Test("p-values of independent models are uniform (Kolmogorov–Smirnov over 200 pairs)")
  func uniform() throws {
    let seed: UInt64 = 20_261_123
    let draws = 200
    var p: [Double] = []
    for i in 0..<UInt64(draws) {
      let found = try test(SyntheticModel(seed: seed + 2 * i), SyntheticModel(seed: seed + 2 * i + 1))
      p.append(pow(10, found.log10P))
    }
    p.sort()
    var distance = 0.0
    for (i, value) in p.enumerated() {
      let (below, above) = (Double(i) / Double(draws), Double(i + 1) / Double(draws))
      distance = max(distance, abs(value - below), abs(above - value))
    }
    // 1.95 / √n is exceeded once in a thousand.
    #expect(distance < 1.95 / Double(draws).squareRoot(), "seed \(seed): distance \(distance)")
  }

  @Test("what all rows have in common moves no p-value", arguments: [Float(1), 10])
  func common(mean: Float) throws {
    var (a, b) = (SyntheticModel(seed: 5), SyntheticModel(seed: 6))
    for name in a.matrices.keys {
      let (left, right) = (a.matrices[name]?.values ?? [], b.matrices[name]?.values ?? [])
      a.matrices[name]?.values = left.map { $0 + mean }
      b.matrices[name]?.values = right.map { $0 + mean }
    }
    let found = try test(a, b)
    #expect(found.value > 0.4, "the rows are alike by their mean")
    #expect(found.log10P > -4 && abs(found.excess) < 0.1)
  }

  @Test("a copy with as much noise as signal is found", arguments: [Float(0.3), 1])
  func noise(level: Float) throws {
    let model = SyntheticModel(seed: 7)
    let found = try test(model.noised(level, seed: 8), model)
    #expect(found.log10P < -20)
    #expect(abs(found.excess - 1 / (1 + Double(level * level)).squareRoot()) < 0.06)
  }

  /// What starts a matrix, before it is trained.
  enum Start: CaseIterable {
    case identity, hadamard, constantRows, cosines, sines, band

    func value(_ row: Int, _ column: Int, rows: Int, columns: Int) -> Float {
      switch self {
      case .identity: row % columns == column % rows ? 1 : 0
      case .hadamard: ((row & column).nonzeroBitCount & 1 == 0 ? 1 : -1) / Float(columns).squareRoot()
      case .constantRows: 0
      case .cosines: cos(.pi * (Float(column) + 0.5) * Float(row) / Float(columns)) * (2 / Float(columns)).squareRoot()
      case .sines: sin(Float(row) * pow(10_000, -Float(column) / Float(columns)))
      case .band: exp(-200 * pow(Float(column) / Float(columns) - Float(row) / Float(rows), 2))
      }
    }
  }

  /// A model that starts by a formula, with normal numbers on top; or with constants in nine rows of ten.
  private func model(_ start: Start, noise: Float, seed: UInt64) -> SyntheticModel {
    var model = SyntheticModel(seed: seed, width: 64, neurons: 192)
    for (name, matrix) in model.matrices {
      var values = matrix.values
      for i in values.indices {
        let (row, column) = (i / matrix.columns, i % matrix.columns)
        let formula = start.value(row, column, rows: matrix.rows, columns: matrix.columns)
        let isConstant = start == .constantRows && row * 10 < matrix.rows * 9
        values[i] = isConstant ? 0.5 : formula + noise / Float(matrix.columns).squareRoot() * values[i]
      }
      model.matrices[name]?.values = values
    }
    return model
  }

  @Test("starts by one formula are no common origin, and a copy of one is found", arguments: Start.allCases, [Float(0.2), 1])
  func formulas(start: Start, noise: Float) throws {
    let (a, b) = (model(start, noise: noise, seed: 21), model(start, noise: noise, seed: 22))
    let found = try test(a, b)
    #expect(found.log10P > -4 && abs(found.excess) < 0.03, "\(found)")
    // Where nine rows of ten are constant, a tenth of the rows are left to be found.
    let copy = try test(a.noised(0.1 * noise / 8, seed: 23), a)
    #expect(copy.log10P < -6 && copy.excess > 0.05, "\(copy)")
  }

  @Test("signs in outlier channels that go with the number of the row are no common origin, and a copy is found")
  func signsByRow() throws {
    var pattern = SeededGenerator(25)
    let signs = (0..<192).map { _ in Float(pattern.normal() > 0 ? 20 : -20) }
    func model(_ seed: UInt64) -> SyntheticModel {
      var model = SyntheticModel(seed: seed, layers: 6, width: 64, neurons: 192)
      for (name, matrix) in model.matrices {
        var values = matrix.values
        for i in values.indices where i % matrix.columns < 3 { values[i] = signs[i / matrix.columns] * abs(values[i]) }
        model.matrices[name]?.values = values
      }
      return model
    }
    let (a, b) = (model(26), model(27))
    let found = try test(a, b)
    #expect(found.log10P > -4 && abs(found.excess) < 0.03, "\(found)")
    let copy = try test(a.noised(0.3, seed: 28), a)
    #expect(copy.log10P < -6 && copy.excess > 0.5, "\(copy)")
  }
}
