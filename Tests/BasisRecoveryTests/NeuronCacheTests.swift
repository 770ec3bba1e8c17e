import Checkpoints
import Foundation
import ModelAnatomy
import RoleInference
import Testing
import Threads

@testable import BasisRecovery
@testable import WeightSimilarity

@Suite("Models are kept for their next pair")
struct NeuronCacheTests {
  private func anatomy(_ name: String) throws -> Anatomy {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "testdata/\(name)")
    return ModelReading.anatomy(of: try Checkpoint.open(folder.path))
  }

  @Test("a match is the same from memory")
  func same() throws {
    let workers = Workers(threads: 2)
    let (b, a) = (try anatomy("aurora-chat"), try anatomy("aurora"))
    let cache = NeuronCache()
    let plain = try #require(BasisRecovery(candidate: b, foundation: a, workers: workers)?.match())
    for _ in 0..<2 {
      let kept = try #require(BasisRecovery(candidate: b, foundation: a, workers: workers, cache: cache)?.match())
      #expect(kept.evidence == plain.evidence && kept.units == plain.units && kept.pairs == plain.pairs)
      #expect(cache.count == 2)
    }
  }

  @Test("what was not used for longest goes first; what does not fit is not kept")
  func bounds() throws {
    let workers = Workers(threads: 1)
    let models = try ["aurora", "aurora-chat", "borealis"].map { try anatomy($0) }
    var reads: [Int] = []
    func read(_ model: Int, _ cache: NeuronCache) -> Int {
      cache.model(models[model], experts: 8, NeuronReading(most: 100, isGated: true), workers) {
        reads.append(model)
        return NeuronModel(NeuronMatrices.all(of: models[model]), NeuronReading(most: 100, isGated: true), workers: workers)
      }.bytes
    }
    let bytes = read(0, NeuronCache(bytes: 0))
    let two = NeuronCache(bytes: 2 * bytes)
    reads = []
    for model in [0, 1, 0, 2, 0, 1] { #expect(read(model, two) == bytes) }
    #expect(reads == [0, 1, 2, 1] && two.count == 2)
    let none = NeuronCache(bytes: bytes - 1)
    reads = []
    for _ in 0..<2 { _ = read(0, none) }
    #expect(reads == [0, 0] && none.count == 0)
  }
}
