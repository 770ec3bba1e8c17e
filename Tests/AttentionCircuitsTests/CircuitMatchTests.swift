import Checkpoints
import LinearAlgebra
import ModelAnatomy
import RoleInference
import TestKit
import Testing
import Threads

@testable import AttentionCircuits

@Suite("Heads are recognised")
struct CircuitMatchTests {
  private func circuits(_ model: AttentionModel, threads: Int = 2) -> HeadCircuits {
    HeadCircuits(model.matrices, size: model.size, layers: 100, workers: Workers(threads: threads))
  }

  private func masked(_ model: AttentionModel, _ random: inout SeededGenerator) -> AttentionModel {
    let basis = Matrix(rows: model.width, columns: model.width, values: random.orthogonalRows(model.width))
    return model.turnedInside(&random).reordered(&random).inBasis(basis)
  }

  @Test("random models are found behind every rewrite at once", arguments: UInt64(1)...8)
  func everything(seed: UInt64) {
    var random = SeededGenerator(seed)
    let size = 4 + 2 * Int(random.next() % 3)
    let (groups, sharing) = seed % 2 == 0 ? (4, 2) : (6, 1)
    let model = AttentionModel(
      layers: 8 + Int(random.next() % 3), heads: groups * sharing, groups: groups, size: size,
      width: 24 + Int(random.next() % 16), &random)
    let other = masked(model.noised(0.1, &random), &random)
    let match = CircuitMatch(circuits(other), circuits(model))
    #expect(match.share > 0.9 && match.log10P <= -6, "\(random): \(match)")
    #expect(match.log10PIfMost <= -6, "\(random)")
    #expect(match.layers.nonEmptyAllSatisfy { $0.origin == $0.layer }, "\(random): \(match.layers)")
  }

  @Test("dropped and repeated layers are found where they come from")
  func layers() {
    var random = SeededGenerator(30)
    let model = AttentionModel(layers: 10, heads: 6, groups: 6, size: 6, width: 32, &random)
    let origins = [0, 1, 2, 5, 6, 5, 7, 9]
    let match = CircuitMatch(circuits(masked(model.taking(origins), &random)), circuits(model))
    #expect(match.log10P <= -6 && match.share > 0.9)
    // The second copy of layer 5 counts once.
    #expect(match.layers.map(\.layer) == [0, 1, 2, 3, 4, 6, 7])
    #expect(match.layers.map(\.origin) == [0, 1, 2, 5, 6, 7, 9])
  }

  @Test("a wider model, and one whose heads are stored once for each query, are found")
  func shapes() {
    var random = SeededGenerator(31)
    let model = AttentionModel(layers: 8, heads: 8, groups: 4, size: 6, width: 24, &random)
    let rows = random.orthogonalRows(40).prefix(24 * 40)
    let wide = model.writtenOut.inBasis(Matrix(rows: 24, columns: 40, values: Array(rows)))
    let match = CircuitMatch(circuits(wide), circuits(model))
    #expect(match.share > 0.9 && match.log10P <= -6)
  }

  @Test("unrelated models are not found, and the exact chance is not smaller than it should be", arguments: [1, 2])
  func strangers(sharing: Int) {
    var random = SeededGenerator(40 + UInt64(sharing))
    let pairs = 60
    var (few, exact) = (0, [Double]())
    for _ in 0..<pairs {
      func model() -> AttentionModel {
        var model = AttentionModel(layers: 4, heads: 4, groups: 4 / sharing, size: 4, width: 12, &random)
        // Heads of kinds that both models have: one that copies, one that attends to what it is like.
        for layer in model.layers.indices {
          let value = model.layers[layer].value.taking([0, 1, 2, 3])
          model.layers[layer].output.change(0, 4) { _ in value }
          let key = model.layers[layer].key.taking([0, 1, 2, 3])
          model.layers[layer].query.change(0, 4) { _ in key }
        }
        return model
      }
      let (own, other) = (circuits(model()), circuits(model()))
      let match = CircuitMatch(own, other)
      if match.log10P < -2 { few += 1 }
      let search = CircuitSearch(candidate: own, foundation: other)
      let half = HalfAgreement(search, half: 0)
      exact.append(half.law.log10Tail(half.pairs.count))
    }
    // A chance of 0.01 for each pair at most: 5 of 60 have a chance of 4e-4.
    #expect(few < 5, "\(random)")
    // The p-value of a discrete law is at or below x with chance x at most; three standard deviations on top.
    for level in [0.2, 0.05] {
      let below = Double(exact.count { $0 <= level.log10 + 1e-12 })
      let most = Double(pairs) * level + 3 * (Double(pairs) * level).squareRoot()
      #expect(below <= most, "\(random): \(below) of \(pairs) at \(level)")
    }
  }

  @Test("the result is the same for any number of threads")
  func threads() {
    var random = SeededGenerator(50)
    let model = AttentionModel(layers: 6, heads: 4, groups: 2, size: 6, width: 24, &random)
    let other = masked(model.noised(0.4, &random), &random)
    let one = CircuitMatch(circuits(other, threads: 1), circuits(model, threads: 1))
    for threads in [2, 5] { #expect(one == CircuitMatch(circuits(other, threads: threads), circuits(model, threads: threads))) }
  }

  @Test("models with few heads have no power, and say so")
  func power() throws {
    func anatomy(_ name: String) throws -> Anatomy {
      ModelReading.anatomy(of: try Checkpoint.open(HeadOracle.path(name)))
    }
    let search = HeadSearch(
      candidate: try anatomy("aurora-chat"), foundation: try anatomy("aurora"), workers: Workers(threads: 2))
    let match = try #require(search.match)
    #expect(match.heads == 16 && match.log10P > -6 && match.log10PIfMost > -6)
    #expect(match.share > 0.5)
  }

  @Test("a cache changes no result, and keeps each model once")
  func cache() throws {
    func anatomy(_ name: String) throws -> Anatomy { ModelReading.anatomy(of: try Checkpoint.open(HeadOracle.path(name))) }
    let (a, b, cache, workers) = (try anatomy("aurora"), try anatomy("borealis"), HeadCache(), Workers(threads: 2))
    let plain = HeadSearch(candidate: b, foundation: a, workers: workers)
    for _ in 0..<2 { #expect(HeadSearch(candidate: b, foundation: a, workers: workers, cache: cache) == plain) }
    #expect(cache.count == 2)
  }

  @Test("a model without attention cannot be searched")
  func noAttention() {
    let match = CircuitMatch(
      HeadCircuits([], size: 8, layers: 4, workers: Workers(threads: 1)),
      HeadCircuits([], size: 8, layers: 4, workers: Workers(threads: 1)))
    #expect(match.heads == 0 && match.log10P == 0 && match.log10PIfMost == 0 && match.layers.isEmpty)
  }
}
