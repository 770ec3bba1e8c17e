import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct CollectionPassTests {
  /// Five models of one anatomy and a stranger with another width: bases, noised copies, and token tables.
  private func models() throws -> [Anatomy] {
    let folder = TemporaryFolder()
    let base = SyntheticModel(seed: 71, layers: 2, width: 40, neurons: 48)
    let stranger = SyntheticModel(seed: 72, layers: 2, width: 40, neurons: 48)
    var random = SeededGenerator(73)
    let table = (0..<64 * 40).map { _ in Float(random.normal()) }
    let family = [base, base.noised(0.2, seed: 74), stranger, base.noised(0.05, seed: 75), stranger.noised(1, seed: 76)]
    let anatomies = try family.enumerated().map { number, model in
      var model = model
      model.matrices["model.embed_tokens.weight"] = (64, 40, table.map { $0 + Float(number % 2) * Float(random.normal()) })
      return try model.anatomy(in: folder, as: "\(number)")
    }
    return anatomies + [try SyntheticModel(seed: 77, layers: 2, width: 24, neurons: 48).anatomy(in: folder, as: "other")]
  }

  @Test("models with the same weights in the same shapes are one group, others none")
  func groups() throws {
    #expect(CollectionPass.groups(of: try models()) == [[0, 1, 2, 3, 4]])
  }

  @Test("of every two models it finds what the pass over the pair finds, the null to the bit")
  func pairs() throws {
    let models = Array(try models().prefix(5))
    let found = CollectionPass(models, workers: Workers(threads: 2)).run()
    for candidate in models.indices {
      for foundation in 0..<candidate {
        let pairing = Pairing(candidate: models[candidate], foundation: models[foundation])
        let own = InPlacePass(pairing, workers: Workers(threads: 2)).run()
        let shared = try #require(found.similarity(candidate: candidate, foundation: foundation))
        #expect(shared.rowShift == own.rowShift && shared.rowShift != nil)
        #expect(shared.tokenShifts.map(\.test) == own.tokenShifts.map(\.test) && shared.tokenShifts.count == 1)
        #expect(shared.layers.map(\.rowShift) == own.layers.map(\.rowShift) && shared.coverage == own.coverage)
        #expect(shared.unmatchedCandidate == own.unmatchedCandidate && shared.caveats == own.caveats)
        #expect(abs(try #require(shared.overall.cosine) - (try #require(own.overall.cosine))) < 1e-6)
        for (a, b) in zip(shared.tensors, own.tensors) {
          #expect(a.candidate == b.candidate && a.foundation == b.foundation && a.parameters == b.parameters)
          #expect(abs(try #require(a.cosine) - (try #require(b.cosine))) < 1e-6)
          #expect(abs(try #require(a.relativeL2) - (try #require(b.relativeL2))) < 1e-5)
        }
      }
    }
  }

  @Test("of every two models it has the weights beside each other in either order")
  func bothOrders() throws {
    let models = Array(try models().prefix(5))
    let found = CollectionPass(models, workers: Workers(threads: 2)).run()
    for (candidate, foundation) in [(3, 0), (0, 3), (4, 2), (2, 4)] {
      let pairing = Pairing(candidate: models[candidate], foundation: models[foundation])
      let own = InPlacePass(pairing, workers: Workers(threads: 2)).run().tensors
      let shared = try #require(found.tensors(candidate: candidate, foundation: foundation))
      #expect(shared.map(\.candidate) == own.map(\.candidate))
      for (a, b) in zip(shared, own) {
        #expect(abs(try #require(a.cosine) - (try #require(b.cosine))) < 1e-6)
        #expect(abs(try #require(a.normRatio) - (try #require(b.normRatio))) < 1e-6)
      }
    }
  }

  @Test("each byte of each model is read once for all pairs")
  func readOnce() throws {
    let models = Array(try models().prefix(5))
    let bytes = models.reduce(0) { $1.weights.reduce($0) { $0 + $1.storedBytes } }
    #expect(CollectionPass.bytes(of: models) == bytes)
    let progress = Progress(total: bytes)
    _ = CollectionPass(models, workers: Workers(threads: 2), progress: progress).run()
    #expect(progress.done == bytes)
  }

  @Test("it is the same for any number of threads")
  func sameBits() throws {
    let models = Array(try models().prefix(5))
    let found = [1, 2, 5].map { CollectionPass(models, workers: Workers(threads: $0)).run() }
    for other in found.dropFirst() {
      #expect(other.matrices == found[0].matrices)
      #expect(
        other.similarity(candidate: 3, foundation: 0)?.rowShift == found[0].similarity(candidate: 3, foundation: 0)?.rowShift)
    }
  }

  @Test("it leaves to a comparison of elements what may be identical, and what is not finite")
  func left() throws {
    let folder = TemporaryFolder()
    let base = SyntheticModel(seed: 78, layers: 2)
    var holed = base.noised(0.3, seed: 79)
    holed.matrices["model.layers.0.mlp.up_proj.weight"]?.values[5] = .nan
    let models = try [base, base, holed, base.noised(0.1, seed: 80)].enumerated().map {
      try $1.anatomy(in: folder, as: "\($0)")
    }
    let found = CollectionPass(models, workers: Workers(threads: 2)).run()
    #expect(found.similarity(candidate: 1, foundation: 0) == nil)
    #expect(found.similarity(candidate: 2, foundation: 0) == nil && found.similarity(candidate: 3, foundation: 2) == nil)
    #expect(found.similarity(candidate: 3, foundation: 1) != nil)
  }

  @Test("a pass that takes up some of its layers from before finds the same to the bit, and makes the others only")
  func parts() throws {
    let models = Array(try models().prefix(5))
    let pass = CollectionPass(models, workers: Workers(threads: 2))
    var kept: [Int: [UInt8]] = [:]
    let whole = pass.run(known: { _ in nil }, keep: { kept[$0] = $1 })
    #expect(kept.keys.sorted() == [0, 1, 2])
    #expect(kept.values.reduce(0) { $0 + $1.count } <= CollectionPass.recordBytes(of: models))
    var made: [Int] = []
    let bytes = CollectionPass.bytes(of: models)
    let progress = Progress(total: bytes)
    let again = CollectionPass(models, workers: Workers(threads: 2), progress: progress).run(
      known: { $0 == 1 ? nil : kept[$0] }, keep: { number, _ in made.append(number) })
    #expect(made == [1] && progress.done == bytes && again.matrices == whole.matrices)
    for candidate in models.indices {
      for foundation in 0..<candidate {
        let (a, b) = (
          try #require(whole.similarity(candidate: candidate, foundation: foundation)),
          try #require(again.similarity(candidate: candidate, foundation: foundation))
        )
        #expect(a.rowShift == b.rowShift && a.tokenShifts.map(\.test) == b.tokenShifts.map(\.test) && a.tensors == b.tensors)
        #expect(a.layers == b.layers)
      }
    }
  }

  @Test("a part that is cut, longer, or of other weights is not taken up")
  func foreignParts() throws {
    let models = Array(try models().prefix(5))
    var kept: [Int: [UInt8]] = [:]
    let pass = CollectionPass(models, workers: Workers(threads: 2))
    let whole = pass.run(known: { _ in nil }, keep: { kept[$0] = $1 })
    let own = try #require(kept[1])
    for wrong in [Array(own.dropLast()), own + [0], Array(own.prefix(8)), [], try #require(kept[0])] {
      var made: [Int] = []
      let again = pass.run(known: { $0 == 1 ? wrong : kept[$0] }, keep: { number, _ in made.append(number) })
      #expect(made == [1] && again.matrices == whole.matrices)
    }
  }

  @Test("closeness as seen from the foundation is what a comparison the other way round says")
  func closeness() throws {
    let models = Array(try models().prefix(4))
    for (b, a) in [(1, 0), (3, 0), (3, 1)] {
      let there = InPlacePass(Pairing(candidate: models[b], foundation: models[a]), workers: Workers(threads: 1)).run().closeness
      let back = InPlacePass(Pairing(candidate: models[a], foundation: models[b]), workers: Workers(threads: 1)).run().closeness
      #expect(abs(there.toFoundation - back.toCandidate) < 1e-12 && abs(there.toCandidate - back.toFoundation) < 1e-12)
      #expect(there.toCandidate > 0.5)
    }
    // Half of the layers: the candidate is covered, the foundation by half.
    let folder = TemporaryFolder()
    let base = SyntheticModel(seed: 81, layers: 4, width: 40, neurons: 48)
    let pair = Pairing(
      candidate: try base.taking([0, 1]).anatomy(in: folder, as: "half"), foundation: try base.anatomy(in: folder, as: "whole"))
    let found = InPlacePass(pair, workers: Workers(threads: 1)).run().closeness
    #expect(abs(found.toCandidate - 1) < 1e-12 && abs(found.toFoundation - 0.5) < 1e-12)
  }
}
