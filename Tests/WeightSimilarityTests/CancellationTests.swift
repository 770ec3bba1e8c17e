import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

/// A pass whose workers were cancelled reads nothing: its value, which nobody may use, only has the right form.
@Suite struct CancellationTests {
  private let cancelled: Workers

  init() {
    let cancellation = CancellationFlag()
    cancellation.cancel()
    cancelled = Workers(threads: 2, cancellation: cancellation)
  }

  private func models(_ folder: TemporaryFolder) throws -> [Anatomy] {
    try (0..<3).map { try SyntheticModel(seed: UInt64($0)).anatomy(in: folder, as: "model\($0)") }
  }

  @Test("a cancelled pass in place reads no piece, and one that is not cancelled reads all")
  func inPlace() throws {
    let folder = TemporaryFolder()
    let models = try models(folder)
    let pairing = Pairing(candidate: models[0], foundation: models[1])
    let bytes = InPlacePass.bytes(of: pairing)
    let (stopped, whole) = (Progress(total: bytes), Progress(total: bytes))
    let found = InPlacePass(pairing, workers: cancelled, progress: stopped).run()
    _ = InPlacePass(pairing, workers: Workers(threads: 2), progress: whole).run()
    #expect(stopped.done == 0 && whole.done == bytes && bytes > 0)
    #expect(found.tensors.count == pairing.pairs.count && found.overall.cosine == nil && found.rowShift == nil)
  }

  @Test("a pass over many models that is cancelled reads no stripe and keeps no record")
  func collection() throws {
    let folder = TemporaryFolder()
    let models = try models(folder)
    let progress = Progress(total: CollectionPass.bytes(of: models))
    var kept = 0
    let found = CollectionPass(models, workers: cancelled, progress: progress).run(
      known: { _ in nil }, keep: { _, _ in kept += 1 })
    #expect(kept == 0 && progress.done == 0 && progress.total > 0)
    #expect(found.matrices.count == 9)
  }

  @Test("cancelled layer products read no stripe, and have a cell for each pair of layers")
  func layers() throws {
    let folder = TemporaryFolder()
    let models = try models(folder)
    let products = LayerProducts(candidate: models[0], foundation: models[1], workers: cancelled)
    let progress = Progress(total: products.bytes)
    let matrix = products.reporting(to: progress).matrix(.cosine)
    #expect(progress.done == 0 && progress.total > 0)
    #expect(matrix.cells.map(\.count) == [3, 3, 3])
  }
}
