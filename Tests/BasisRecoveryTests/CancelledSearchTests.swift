import ModelAnatomy
import Testing
import Threads

@testable import BasisRecovery

/// A search whose workers were cancelled finds nothing and keeps nothing.
@Suite struct CancelledSearchTests {
  @Test("a search that is cancelled during a round returns, and one that was cancelled before finds nothing")
  func search() throws {
    let (aurora, masked) = (try MaskedModel("aurora"), try MaskedModel("aurora-chat"))
    let cancellation = CancellationFlag()
    let recovery = BasisRecovery(
      candidate: masked.matrices, foundation: aurora.matrices, workers: Workers(threads: 2, cancellation: cancellation))
    #expect(recovery.match() != nil)
    cancellation.cancel()
    #expect(recovery.match() == nil)
  }

  @Test("units are empty when reading is cancelled")
  func reading() throws {
    let cancellation = CancellationFlag()
    cancellation.cancel()
    let model = NeuronModel(
      try MaskedModel("aurora").matrices, NeuronReading(most: 100, isGated: true),
      workers: Workers(threads: 2, cancellation: cancellation))
    #expect(model.layers.map(\.neurons) == [0, 0, 0, 0])
    #expect(Set(model.layers.map(\.width)).count == 1)
  }
}
