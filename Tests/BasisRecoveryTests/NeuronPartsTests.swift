import Foundation
import LinearAlgebra
import TestKit
import Testing
import Threads

@testable import BasisRecovery
@testable import WeightSimilarity

@Suite("Parts of the recognition of neurons")
struct NeuronPartsTests {
  /// testdata/oracle/neurons.json, made by neurons.py.
  struct Oracle: Decodable {
    struct Profiles: Decodable { var model: String, layer: Int, neurons: [Int], rows: [[Float]] }
    struct Agreement: Decodable { var candidate: String, foundation: String, layers: [Int] }
    var profiles: Profiles
    var agreements: [Agreement]

    static func read() throws -> Oracle {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "testdata/oracle")
      return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: folder.appending(path: "neurons.json")))
    }
  }

  private func layer(_ model: MaskedModel, _ number: Int, most: Int = 4_096) -> NeuronLayer {
    NeuronLayer(model.matrices[number], most: most)
  }

  @Test("profiles are numpy's")
  func profiles() throws {
    let expected = try Oracle.read().profiles
    let found = NeuronProfile.profiles(of: layer(try MaskedModel(expected.model), expected.layer))
    for (neuron, row) in zip(expected.neurons, expected.rows) {
      #expect(row.count == found.columns)
      for (k, value) in row.enumerated() { #expect(abs(found[neuron, k] - value) < 2e-6, "neuron \(neuron), feature \(k)") }
    }
  }

  @Test("agreements in place are numpy's")
  func agreements() throws {
    for expected in try Oracle.read().agreements {
      let (candidate, foundation) = (try MaskedModel(expected.candidate), try MaskedModel(expected.foundation))
      for (number, count) in expected.layers.enumerated() {
        let (b, a) = (
          NeuronRows(layer(candidate, number), isGated: true), NeuronRows(layer(foundation, number), isGated: true)
        )
        let agreeing = b.agreeing(b.cosines(with: a)).count { $0 >= 0 }
        #expect(agreeing == count, "\(expected.candidate), \(expected.foundation), layer \(number)")
      }
    }
  }

  @Test("a profile does not change with the basis, the order, the scale or the sign of neurons", arguments: [true, false])
  func invariance(isGated: Bool) {
    var random = SeededGenerator(71)
    let model = MaskedModel(layers: 1, width: 24, neurons: 50, isGated: isGated, seed: 72)
    let basis = MaskedModel.randomBasis(24, &random)
    let (permuted, orders) = model.permutingNeurons(&random)
    // A plain MLP has no sign to trade.
    let masked = (isGated ? permuted.tradingScales(&random).0 : permuted).rotating(by: basis)
    let (a, b) = (NeuronProfile.profiles(of: layer(model, 0)), NeuronProfile.profiles(of: layer(masked, 0)))
    for (row, origin) in orders[0].enumerated() {
      for k in 0..<a.columns { #expect(abs(a[origin, k] - b[row, k]) < 1e-4, "\(random)") }
    }
  }

  @Test("quantiles of a sorted row are those of its sorted numbers, with signs and without", arguments: [1, 2, 33, 1_000])
  func quantiles(count: Int) {
    var random = SeededGenerator(73)
    var row = (0..<count).map { _ in Float(random.normal()) }
    row[count / 2] = -0.0
    for absolute in [false, true] {
      let sorted = row.map { absolute ? abs($0) : $0 }.sorted()
      var sorter = RowSorter(count: count)
      sorter.sort(row.span, absolute: absolute)
      for q in 0...20 {
        let place = Double(q) / 20 * Double(count - 1)
        let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, count - 1)])
        let expected = low + Float(place - Double(Int(place))) * (high - low)
        let found = sorter.quantile(Double(q) / 20)
        #expect(abs(found - expected) < 1e-6, "\(random)")
      }
    }
  }

  @Test("only mutual choices are matches; ties go to the lower index; zero is no match")
  func mutual() {
    let scores = Matrix(rows: 3, columns: 3, values: [0.9, 0.2, 0.9, 0.95, 0.1, 0, 0, 0, 0])
    #expect(MutualMatches(scores: scores).partner == [-1, 0, -1])
    let ties = Matrix(rows: 2, columns: 2, values: [0.5, 0.5, 0.5, 0.5])
    #expect(MutualMatches(scores: ties).partner == [0, -1])
    let signed = Matrix(rows: 1, columns: 2, values: [0.1, -0.7])
    #expect(MutualMatches(scores: signed).partner == [0] && MutualMatches(scores: signed, absolute: true).partner == [1])
    #expect(MutualMatches.agreeing([MutualMatches(scores: scores), MutualMatches(scores: scores)]) == [-1, 0, -1])
  }

  @Test("the polar factor is that of the singular value decomposition", arguments: [(6, 6), (40, 17), (17, 40), (130, 130)])
  func polar(rows: Int, columns: Int) throws {
    var random = SeededGenerator(74)
    let matrix = Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(random.normal()) })
    let (u, s, vt) = try #require(singularValueDecomposition(matrix.values.map { Double($0) }, rows: rows, columns: columns))
    let found = try #require(Workers(threads: 2).polarFactor(of: matrix, floor: 1e-4))
    for i in 0..<rows {
      for j in 0..<columns {
        let expected = s.indices.reduce(0.0) { $0 + u[i * s.count + $1] * vt[$1 * columns + j] }
        #expect(abs(Double(found[i, j]) - expected) < 1e-3, "\(random)")
      }
    }
  }

  @Test("where a matrix vanishes its polar factor does; a zero and a NaN have none")
  func deficient() throws {
    let one = Matrix(rows: 2, columns: 2, values: [5, 0, 0, 0])
    let found = try #require(Workers(threads: 1).polarFactor(of: one))
    #expect(abs(found[0, 0] - 1) < 1e-4 && found[1, 1] == 0)
    #expect(Workers(threads: 1).polarFactor(of: Matrix(rows: 2, columns: 2)) == nil)
    #expect(Workers(threads: 1).polarFactor(of: Matrix(rows: 1, columns: 1, values: [.nan])) == nil)
  }

  @Test("products shared by threads are the same bits for any number of them")
  func products() {
    var random = SeededGenerator(75)
    let a = Matrix(rows: 700, columns: 600, values: (0..<420_000).map { _ in Float(random.normal()) })
    let one = Workers(threads: 1)
    let many = Workers(threads: 3)
    #expect(one.product(a, a.transposed) == many.product(a, a.transposed))
    #expect(one.crossProduct(a, a) == many.crossProduct(a, a))
    let gram = many.gram(a)
    #expect(one.gram(a) == gram && gram == gram.transposed)
    let cross = one.crossProduct(a, a)
    #expect(zip(gram.values, cross.values).nonEmptyAllSatisfy { abs($0 - $1) < 1e-2 })
  }

  @Test("the neurons kept are those of largest norm product, whatever scale is traded and in which order they stand")
  func kept() {
    var random = SeededGenerator(76)
    let model = MaskedModel(layers: 1, width: 16, neurons: 60, seed: 77)
    let (permuted, orders) = model.permutingNeurons(&random)
    let masked = permuted.tradingScales(&random).0.rotating(by: MaskedModel.randomBasis(16, &random))
    let (a, b) = (layer(model, 0, most: 20), layer(masked, 0, most: 20))
    #expect(a.neurons == 20 && Set(b.indices.map { orders[0][$0] }) == Set(a.indices), "\(random)")
  }
}
