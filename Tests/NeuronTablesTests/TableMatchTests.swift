import BasisRecovery
import LinearAlgebra
import RealModule
import TestKit
import Testing
import Threads

@testable import NeuronTables

@Suite("The search by tables of cosines")
struct TableMatchTests {
  private let workers = Workers(threads: 2)

  @Test("finds a model behind every rewrite", arguments: RewrittenModel.Rewrite.allCases)
  func rewrites(rewrite: RewrittenModel.Rewrite) {
    var random = SeededGenerator(UInt64(rewrite.rawValue.count) * 7 + 1)
    let model = RewrittenModel(layers: 3, width: 48, neurons: 96, &random)
    let match = TableMatch(
      candidate: model.rewritten(rewrite, &random).tables, foundation: model.tables, workers: workers)
    #expect(match.log10P < -20 && match.share > 0.6, "\(rewrite), \(random): \(match.share), \(match.log10P)")
    if rewrite != .order { #expect(match.units.map(\.originLayer) == [0, 1, 2], "\(rewrite), \(random)") }
    #expect(Set(match.units.map(\.originLayer)).count == 3, "\(rewrite), \(random)")
  }

  @Test("finds a plain MLP in another order and basis")
  func plain() {
    var random = SeededGenerator(5)
    let model = RewrittenModel(layers: 2, width: 48, neurons: 96, isGated: false, &random)
    let stranger = RewrittenModel(layers: 2, width: 48, neurons: 96, isGated: false, &random)
    for rewrite in [RewrittenModel.Rewrite.basisPerLayer, .noise, .downMixed] {
      let match = TableMatch(
        candidate: model.rewritten(rewrite, &random).tables, foundation: model.tables, workers: workers)
      #expect(match.log10P < -15 && match.units.map(\.originLayer) == [0, 1], "\(rewrite), \(random)")
    }
    #expect(TableMatch(candidate: stranger.tables, foundation: model.tables, workers: workers).log10P > -2)
  }

  @Test("does not depend on the number of threads")
  func threads() {
    var random = SeededGenerator(6)
    let (a, b) = (
      RewrittenModel(layers: 5, width: 32, neurons: 64, &random), RewrittenModel(layers: 5, width: 32, neurons: 64, &random)
    )
    let (one, three) = [1, 3].map { TableMatch(candidate: a.tables, foundation: b.tables, workers: Workers(threads: $0)) }
      .withFirstTwo
    #expect(one.units == three.units && one.other == three.other && !one.other.isEmpty)
  }

  @Test("p-values of unrelated models are valid, whatever else the models share", arguments: RandomMLP.Kind.allCases)
  func unrelated(kind: RandomMLP.Kind) {
    var random = SeededGenerator(UInt64(kind.rawValue.count) * 13 + 2)
    var trials = 0
    var counts = [0.1: 0, 0.01: 0, 0.001: 0]
    for _ in 0..<4 {
      let frame = RandomMLP.Frame(kind, width: 24, &random)
      let (a, b) = (
        RewrittenModel(RandomMLP(frame, layers: 4, neurons: 64, &random)).tables,
        RewrittenModel(RandomMLP(frame, layers: 4, neurons: 64, &random)).tables
      )
      let match = TableMatch(candidate: a, foundation: b, workers: workers)
      #expect(match.log10P > -2, "\(kind), \(random): \(match.units)")
      for (own, other) in zip(a.units, b.units) where !own.tables.isEmpty && !other.tables.isEmpty {
        for selection in TableSelection.allCases {
          let search = PartnerSearch(own.tables[selection.rawValue], other.tables[selection.rawValue], selection, a.sizes)
          for agreement in HeldOutAgreement.all(search) {
            trials += 1
            for p in counts.keys where agreement.log10Permutation <= Double.log10(p) { counts[p, default: 0] += 1 }
          }
        }
      }
    }
    // Tries of one pair of units are not independent: three times the expected number, and a few.
    for (p, count) in counts {
      #expect(Double(count) <= 3 * p * Double(trials) + 4, "\(kind), \(random): \(count) of \(trials) at or below \(p)")
    }
  }

  @Test("has power where neurons differ, and none where they do not")
  func power() {
    var random = SeededGenerator(8)
    let model = RewrittenModel(layers: 2, width: 48, neurons: 160, &random)
    let match = TableMatch(candidate: model.tables, foundation: model.tables, workers: workers)
    #expect(match.log10ProbeP < -6 && match.log10P(ifShare: 0.3) < -6 && match.coverage == 1)
    // Neurons that are orthogonal to each other and have one length: there is nothing to know them by.
    var alike = model
    for layer in alike.layers.indices {
      let square = Matrix(rows: 48, columns: 48, values: random.orthogonalRows(48))
      alike.layers[layer] = RewrittenModel.Layer(gate: square, up: square, down: square)
    }
    let none = TableMatch(candidate: alike.tables, foundation: alike.tables, workers: workers)
    #expect(none.log10ProbeP > -6, "\(none.log10ProbeP)")
    // Too few neurons.
    let few = RewrittenModel(layers: 2, width: 48, neurons: 10, &random).tables
    #expect(TableMatch(candidate: few, foundation: few, workers: workers).log10P(ifShare: 0.3) > -6)
  }

  @Test("hangs on no number", arguments: [Float.nan, .infinity, 0, 1e30])
  func numbers(value: Float) {
    var random = SeededGenerator(9)
    var model = RewrittenModel(layers: 2, width: 24, neurons: 40, &random)
    for i in model.layers[0].up.values.indices where i % 5 == 0 { model.layers[0].up.values[i] = value }
    for i in model.layers[1].up.values.indices { model.layers[1].up.values[i] = value }
    let match = TableMatch(candidate: model.tables, foundation: model.tables, workers: workers)
    #expect(match.log10P <= 0 && match.units.allSatisfy { $0.log10P <= 0 })
  }
}

extension Array {
  /// The first two elements.
  fileprivate var withFirstTwo: (Element, Element) { (self[0], self[1]) }
}
