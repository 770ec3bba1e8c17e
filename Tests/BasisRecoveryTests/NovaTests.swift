import Checkpoints
import Foundation
import LinearAlgebra
import TensorFiles
import Testing
import Threads

@testable import BasisRecovery
@testable import ModelAnatomy
@testable import WeightSimilarity

@Suite("nova, masked by others")
struct NovaTests {
  /// nova's MLPs, whose names no table knows.
  private func nova() throws -> [NeuronMatrices] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "testdata/nova")
    let checkpoint = try Checkpoint.open(folder.path)
    func rows(_ name: String) throws -> MatrixRows {
      MatrixRows(Weight(stored: try #require(checkpoint.tensors.first { $0.name.string == name }), of: checkpoint))
    }
    return try (0..<4).map { layer in
      let at = "core.blocks.\(layer)."
      let gain = try rows(at + "ln2.weight")
      return NeuronMatrices(
        layer: layer, gate: try rows(at + "ffn.w1.weight"), up: try rows(at + "ffn.w3.weight"),
        down: try rows(at + "ffn.w2.weight"), gain: gain.read(0..<1, 0..<gain.columns))
    }
  }

  @Test("is aurora in every neuron, and a stranger to borealis")
  func recognised() throws {
    let workers = Workers(threads: 2)
    let candidate = try self.nova()
    let kin = try #require(
      BasisRecovery(candidate: candidate, foundation: try MaskedModel("aurora").matrices, workers: workers).match())
    #expect(kin.evidence.share == 1 && kin.evidence.log10P < -300 && kin.units.map(\.origin) == [0, 1, 2, 3])
    let stranger = try #require(
      BasisRecovery(candidate: candidate, foundation: try MaskedModel("borealis").matrices, workers: workers).match())
    #expect(stranger.evidence.share < 0.01 && stranger.evidence.log10P > -2)
  }
}
