import LinearAlgebra
import TestKit
import Testing

@testable import BasisRecovery
@testable import WeightSimilarity

@Suite("The largest neurons are looked at first")
struct NeuronScreenTests {
  /// Half of aurora's 4 · 176 neurons, and more.
  private var sizes: SearchSizes {
    var sizes = SearchSizes()
    (sizes.screen, sizes.frame, sizes.unit, sizes.permutations) = (400, 60, 16...512, 99)
    return sizes
  }

  @Test("kin that they show are found in every neuron")
  func kin() throws {
    var random = SeededGenerator(101)
    let (permuted, orders) = try MaskedModel("aurora-chat").permutingNeurons(&random)
    let masked = permuted.tradingScales(&random).0.rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora"), useTokens: false, sizes: sizes))
    #expect(match.evidence.share > 0.99 && match.evidence.log10P < -300, "\(random)")
    #expect(match.evidence.halves.map(\.trials) == [352, 352])
    for (unit, order) in zip(match.units, orders) {
      #expect(unit.neurons.count > 170 && unit.neurons.nonEmptyAllSatisfy { $0.foundation == order[$0.candidate] }, "\(random)")
    }
  }

  @Test("one layer of four taken over is found")
  func layer() throws {
    var random = SeededGenerator(102)
    var mixed = try MaskedModel("borealis")
    mixed.layers[2] = try MaskedModel("aurora-chat").layers[2]
    let masked = mixed.rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora"), useTokens: false, sizes: sizes))
    #expect(match.units.map(\.origin) == [nil, nil, 2, nil] && match.evidence.log10P < -20, "\(random)")
  }

  @Test("strangers are not looked at longer, and the test had the power to see a tenth")
  func strangers() throws {
    let (b, a) = (
      MaskedModel(layers: 4, width: 12, neurons: 250, seed: 104), MaskedModel(layers: 4, width: 12, neurons: 250, seed: 105)
    )
    var sizes = self.sizes
    sizes.screen = 700
    let match = try #require(b.match(in: a, useTokens: false, sizes: sizes))
    #expect(match.evidence.trials < 400 && match.evidence.log10P > -1 && match.evidence.log10P(ifShare: 0.1) <= -8)
    #expect(match.units.nonEmptyAllSatisfy { $0.origin == nil && $0.neurons.isEmpty } && match.pairs.isEmpty)
  }

  @Test("the largest neurons of a tuned, permuted, traded and rotated copy are the foundation's")
  func largest() throws {
    var random = SeededGenerator(103)
    let (permuted, orders) = try MaskedModel("aurora-chat").permutingNeurons(&random)
    let masked = permuted.tradingScales(&random).0.rotating(by: MaskedModel.randomBasis(64, &random))
    for (layer, order) in orders.enumerated() {
      let (b, a) = (
        NeuronLayer(masked.matrices[layer], most: .max), NeuronLayer(try MaskedModel("aurora").matrices[layer], most: .max)
      )
      let common = Set(b.largest(88).map { order[$0] }).intersection(a.largest(88))
      #expect(common.count > 75, "\(random)")
    }
  }

  @Test("profiles of some neurons are those of all, in these rows")
  func profiles() throws {
    let layer = NeuronLayer(try MaskedModel("aurora").matrices[1], most: .max)
    let (all, some) = (NeuronProfile.profiles(of: layer), NeuronProfile.profiles(of: layer, rows: [7, 3, 170]))
    for (place, neuron) in [7, 3, 170].enumerated() {
      for k in 0..<all.columns { #expect(abs(some[place, k] - all[neuron, k]) < 1e-6) }
    }
  }
}

extension BasisEvidence {
  /// Neurons that could agree, of both halves.
  fileprivate var trials: Int { halves.reduce(0) { $0 + $1.trials } }
}
