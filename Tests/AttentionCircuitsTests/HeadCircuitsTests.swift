import Checkpoints
import LinearAlgebra
import ModelAnatomy
import RoleInference
import TestKit
import Testing
import Threads

@testable import AttentionCircuits

@Suite("Circuits of heads")
struct HeadCircuitsTests {
  private let workers = Workers(threads: 2)

  @Test("tables and traits are numpy's")
  func oracle() throws {
    let expected = try HeadOracle.read()
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(HeadOracle.path(expected.model)))
    let found = HeadCircuits(HeadMatrices.all(of: anatomy), size: 16, layers: 4, workers: workers)
    try #require(found.count == expected.written.count)
    for i in 0..<found.count {
      for j in 0..<found.count {
        #expect(abs(found.written[i, j] - expected.written[i][j]) < 1e-5, "written \(i), \(j)")
        #expect(abs(found.attended[i, j] - expected.attended[i][j]) < 1e-5, "attended \(i), \(j)")
      }
    }
    for (head, row) in zip(expected.traitsOf, expected.traits) {
      for (k, value) in row.enumerated() {
        #expect(abs(Double(found.traits[head, k]) - value) < 2e-4, "head \(head), trait \(k)")
      }
    }
    #expect(found.groups == Array(repeating: [0, 0, 1, 1], count: 4).flatMap(\.self))
  }

  @Test("no rewrite changes a table, but for the order of heads", arguments: UInt64(1)...4)
  func invariance(seed: UInt64) {
    var random = SeededGenerator(seed)
    let model = AttentionModel(layers: 2, heads: 6, groups: 3, size: 6, width: 20, &random)
    let basis = Matrix(rows: 20, columns: 20, values: random.orthogonalRows(20))
    let masked = model.turnedInside(&random).inBasis(basis)
    func circuits(_ model: AttentionModel) -> HeadCircuits {
      HeadCircuits(model.matrices, size: model.size, layers: 2, workers: workers)
    }
    let (before, after) = (circuits(model), circuits(masked))
    for (x, y) in zip(before.written.values + before.attended.values, after.written.values + after.attended.values) {
      #expect(abs(x - y) < 1e-4, "\(random)")
    }
    for i in 0..<before.count {
      for k in 0..<HeadTraits.count {
        #expect(abs(before.traits[i, k] - after.traits[i, k]) < 2e-3, "\(random), trait \(k)")
      }
    }
  }

  @Test("key–value heads that are stored once for each query are one group")
  func writtenOut() {
    var random = SeededGenerator(9)
    let model = AttentionModel(layers: 2, heads: 6, groups: 2, size: 4, width: 16, &random)
    let grouped = HeadCircuits(model.matrices, size: 4, layers: 2, workers: workers)
    let full = HeadCircuits(model.writtenOut.matrices, size: 4, layers: 2, workers: workers)
    #expect(grouped.groups == Array(repeating: [0, 0, 0, 1, 1, 1], count: 2).flatMap(\.self))
    #expect(full.groups == Array(repeating: [0, 0, 0, 3, 3, 3], count: 2).flatMap(\.self))
    #expect(zip(grouped.written.values, full.written.values).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("a layer that is there twice counts once, and a head of zeros not at all")
  func copies() {
    var random = SeededGenerator(10)
    var model = AttentionModel(layers: 3, heads: 4, groups: 4, size: 4, width: 16, &random).taking([0, 1, 1, 2])
    model.layers[3].output.change(2, 4) { Matrix(rows: $0.rows, columns: $0.columns) }
    model.layers[0].query[1, 1] = .infinity
    let found = HeadCircuits(model.matrices, size: 4, layers: 4, workers: workers)
    #expect(Set(found.places.map(\.layer)) == [0, 1, 3])
    #expect(found.places.filter { $0.layer == 3 }.map(\.head) == [0, 1, 3])
    #expect(found.places.filter { $0.layer == 0 }.map(\.head) == [1, 2, 3])
  }

  @Test("a layer whose values start at the identity is left out")
  func selections() {
    var random = SeededGenerator(12)
    var model = AttentionModel(layers: 3, heads: 4, groups: 4, size: 4, width: 16, &random)
    for i in 0..<16 { model.layers[1].value[i, i] += 30 }
    let found = HeadCircuits(model.matrices, size: 4, layers: 3, workers: workers)
    #expect(Set(found.places.map(\.layer)) == [0, 2], "\(random)")
    let two = HeadCircuits(model.matrices, size: 4, layers: 2, workers: workers)
    #expect(Set(two.places.map(\.layer)) == [0, 2], "\(random)")
  }

  @Test("a sketch keeps inner products within its error")
  func sketch() throws {
    var random = SeededGenerator(11)
    let sketch = try #require(ChannelSketch(channels: 2_000, width: 500))
    var rows = (0..<8).map { _ in (0..<2_000).map { _ in Float(random.normal()) } }
    // An outlier channel.
    for i in rows.indices { rows[i][77] *= 40 }
    let narrow = rows.map { row in
      var target = [Float](repeating: 0, count: 500)
      sketch.add(row.span, to: &target, at: 0)
      return target
    }
    func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    for i in 0..<8 {
      for j in 0...i {
        // Five standard deviations.
        let error = 5 * (2.0 / 500 * dot(rows[i], rows[i]) * dot(rows[j], rows[j])).squareRoot()
        #expect(abs(dot(narrow[i], narrow[j]) - dot(rows[i], rows[j])) < error, "\(i), \(j)")
      }
    }
    #expect(ChannelSketch(channels: 500, width: 500) == nil)
  }
}
