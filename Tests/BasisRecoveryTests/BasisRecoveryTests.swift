import LinearAlgebra
import TestKit
import Testing
import Threads

@testable import BasisRecovery
@testable import WeightSimilarity

@Suite("Neurons are recognised")
struct BasisRecoveryTests {
  /// The order in which a mask put a layer's neurons, against what was found.
  private func isFound(_ unit: BasisMatch.Unit, _ order: [Int]) -> Bool {
    unit.neurons.count == order.count && unit.neurons.allSatisfy { $0.foundation == order[$0.candidate] }
  }

  @Test("a fine-tune is found where it stands, in every neuron")
  func tuned() throws {
    let match = try #require(try MaskedModel("aurora-chat").match(in: try MaskedModel("aurora")))
    #expect(match.source == .inPlace && match.evidence.share == 1 && match.evidence.log10P < -300)
    #expect(match.units.map(\.origin) == [0, 1, 2, 3])
    #expect(match.units.nonEmptyAllSatisfy { isFound($0, Array(0..<176)) })
  }

  @Test("every rewrite at once: order, signs, scales and layers are found", arguments: [true, false])
  func everything(useTokens: Bool) throws {
    var random = SeededGenerator(81)
    let (permuted, orders) = try MaskedModel("aurora-chat").permutingNeurons(&random)
    let (traded, scales) = permuted.tradingScales(&random)
    let masked = traded.rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora"), useTokens: useTokens))
    #expect(match.evidence.share == 1 && match.evidence.log10P < -300 && match.evidence.permutationP == 0.001, "\(random)")
    for (unit, (order, scale)) in zip(match.units, zip(orders, scales)) {
      #expect(isFound(unit, order), "\(random)")
      for neuron in unit.neurons {
        let traded = scale[neuron.candidate]
        #expect(neuron.sign == (traded < 0 ? -1 : 1), "\(random)")
        let ratio = try #require(neuron.upRatio)
        #expect(abs(Float(ratio) / abs(traded) - 1) < 0.2, "\(random)")
      }
    }
  }

  @Test("layers dropped, repeated and moved behind a rotation are found")
  func layers() throws {
    var random = SeededGenerator(82)
    let masked = try MaskedModel("aurora-chat").taking([3, 1, 1, 0, 2, 3]).rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora"), useTokens: false))
    #expect(match.units.map(\.origin) == [3, 1, 1, 0, 2, 3] && match.evidence.share > 0.98, "\(random)")
  }

  @Test("pruned in width and rotated: what is left is found in the wider model")
  func narrow() throws {
    var random = SeededGenerator(83)
    let (permuted, orders) = try MaskedModel("aurora-chat").narrowed(neurons: 132, width: 48).permutingNeurons(&random)
    let masked = permuted.rotating(by: MaskedModel.randomBasis(48, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora")))
    #expect(match.evidence.share > 0.95 && match.units.map(\.origin) == [0, 1, 2, 3], "\(random)")
    #expect(
      zip(match.units, orders).nonEmptyAllSatisfy { unit, order in
        unit.neurons.count { $0.foundation == order[$0.candidate] } > 120
      })
  }

  @Test("half of the layers from another model: half of the neurons, and the right layers")
  func half() throws {
    var random = SeededGenerator(84)
    var mixed = try MaskedModel("aurora-chat")
    let other = try MaskedModel("borealis")
    for layer in 2..<4 { mixed.layers[layer] = other.layers[layer] }
    let match = try #require(
      mixed.rotating(by: MaskedModel.randomBasis(64, &random)).match(in: try MaskedModel("aurora"), useTokens: false))
    #expect(abs(match.evidence.share - 0.5) < 0.01 && match.evidence.log10P < -100, "\(random)")
    #expect(match.units.map(\.origin) == [0, 1, nil, nil])
  }

  @Test("noise of 0.6 of the weights' size on top of a rotation does not hide it")
  func noise() throws {
    var random = SeededGenerator(85)
    let (permuted, _) = try MaskedModel("aurora-chat").permutingNeurons(&random)
    let masked = permuted.noised(0.6, &random).rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: try MaskedModel("aurora")))
    #expect(match.evidence.share > 0.9 && match.evidence.log10P < -200, "\(random)")
  }

  @Test("an independent model of the same architecture, tokenizer and corpus is a stranger, masked or not")
  func strangers() throws {
    var random = SeededGenerator(86)
    let (aurora, borealis) = (try MaskedModel("aurora"), try MaskedModel("borealis"))
    for candidate in [borealis, borealis.rotating(by: MaskedModel.randomBasis(64, &random))] {
      let match = try #require(candidate.match(in: aurora))
      #expect(match.evidence.share < 0.01 && match.evidence.log10P > -2, "\(random)")
      #expect(match.units.nonEmptyAllSatisfy { $0.share < 0.03 })
    }
  }

  @Test("a plain MLP without a gate is recognised by two matrices", arguments: [0, 0.3])
  func plain(noise: Float) throws {
    var random = SeededGenerator(87)
    // Trained weights, with the gates left out.
    func plain(_ name: String) throws -> MaskedModel {
      var model = try MaskedModel(name)
      for i in model.layers.indices { model.layers[i].gate = nil }
      return model
    }
    let aurora = try plain("aurora")
    let (permuted, orders) = try plain("aurora-chat").permutingNeurons(&random)
    let masked = permuted.noised(noise, &random).rotating(by: MaskedModel.randomBasis(64, &random))
    let match = try #require(masked.match(in: aurora))
    #expect(match.evidence.share > 0.95 && match.evidence.log10P < -200, "\(random)")
    #expect(noise > 0 || zip(match.units, orders).nonEmptyAllSatisfy { isFound($0, $1) })
    let stranger = try #require(try plain("borealis").match(in: aurora))
    #expect(stranger.evidence.share < 0.03 && stranger.evidence.log10P > -2, "\(random)")
  }

  @Test("the basis of a match is the rotation that hid it")
  func basis() throws {
    var random = SeededGenerator(89)
    let rotation = MaskedModel.randomBasis(64, &random)
    let masked = try MaskedModel("aurora-chat").rotating(by: rotation)
    let recovery = BasisRecovery(
      candidate: masked.matrices, foundation: try MaskedModel("aurora").matrices, workers: Workers(threads: 2))
    let match = try #require(recovery.match())
    let basis = try #require(recovery.basis(of: match))
    // aurora-chat was tuned, so it is not the same to the last digit.
    let difference = zip(basis.values, rotation.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect((difference / 64).squareRoot() < 0.02, "\(random)")
  }

  @Test("a model wider than the frame is recognised by its products with seeds, a stranger is not", arguments: [true, false])
  func wide(isGated: Bool) throws {
    var random = SeededGenerator(90)
    var sizes = SearchSizes()
    (sizes.frame, sizes.permutations) = (64, 99)
    let width = 72
    let foundation = MaskedModel(layers: 2, width: width, neurons: 80, isGated: isGated, seed: 91)
    let (permuted, orders) = foundation.noised(0.1, &random).permutingNeurons(&random)
    let masked = permuted.rotating(by: MaskedModel.randomBasis(width, &random))
    let match = try #require(masked.match(in: foundation, useTokens: false, sizes: sizes))
    #expect(match.evidence.share > 0.9 && match.evidence.log10P < -50 && match.units.map(\.origin) == [0, 1], "\(random)")
    #expect(
      zip(match.units, orders).nonEmptyAllSatisfy { unit, order in
        unit.neurons.nonEmptyAllSatisfy { $0.foundation == order[$0.candidate] }
      })
    // Where it stands, but for the order of neurons: any directions will do.
    #expect(permuted.match(in: foundation, useTokens: false, sizes: sizes)?.source == .inPlace)
    let stranger = MaskedModel(layers: 2, width: width, neurons: 80, isGated: isGated, seed: 92)
    let none = try #require(stranger.match(in: foundation, sizes: sizes))
    #expect(none.evidence.share < 0.05 && none.evidence.log10P > -2, "\(random)")
  }

  @Test("the same answer with any number of threads")
  func threads() throws {
    var random = SeededGenerator(88)
    let aurora = try MaskedModel("aurora")
    let masked = try MaskedModel("aurora-chat").rotating(by: MaskedModel.randomBasis(64, &random))
    for screen in [160, 768] {
      var sizes = SearchSizes()
      sizes.screen = screen
      (sizes.unit, sizes.permutations) = (16...512, 99)
      let one = try #require(masked.match(in: aurora, threads: 1, sizes: sizes))
      let many = try #require(masked.match(in: aurora, threads: 5, sizes: sizes))
      #expect(one.evidence == many.evidence && one.units == many.units && one.pairs == many.pairs)
    }
  }

  @Test("rows of zeros and NaN are no neurons, and hurt nobody")
  func damaged() throws {
    var damaged = try MaskedModel("aurora-chat")
    for column in 0..<64 {
      damaged.layers[0].up[3, column] = 0
      damaged.layers[1].gate?[5, column] = .nan
      damaged.layers[2].down[7, column] = .infinity
    }
    let match = try #require(damaged.match(in: try MaskedModel("aurora")))
    #expect(match.units.map { $0.neurons.count } == [175, 175, 175, 176])
  }
}
