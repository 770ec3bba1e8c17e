import Lineage
import TestKit
import Testing

@testable import Unmask

/// Models without attention as others have it: the channels of a recurrence are neurons.
@Suite struct MixerTests {
  private static let kinds: [StrangerModel.Kind] = [.mamba, .deltaNet, .kimi, .rwkv]

  private func compare(_ candidate: StrangerModel, _ foundation: StrangerModel) throws -> ComparisonResult {
    let folder = TemporaryFolder()
    return try Unmask.compare(
      candidate: try candidate.write(to: folder, as: "candidate"), foundation: try foundation.write(to: folder, as: "foundation"))
  }

  @Test(
    "a model in another basis, with its channels and neurons in another order, is derived; another one is not", arguments: kinds)
  func masked(kind: StrangerModel.Kind) throws {
    var random = SeededGenerator(81)
    let frame = StrangerModel.Frame(kind, .normal, &random, layers: 3, width: 64)
    let (model, stranger) = (StrangerModel(frame, &random), StrangerModel(frame, &random))
    let masked = model.masked(&random)
    let found = try compare(masked, model)
    #expect(found.relation == .derived, "\(random): \(found.relation)")
    #expect((found.verdict.alignedCosine ?? 0) > 0.99, "\(random): \(found.verdict.alignedCosine ?? 0)")
    let other = try compare(stranger.masked(&random), model)
    #expect(!other.relation.isKinship, "\(random): \(other.relation)")
  }

  @Test("channels are found although the MLPs and the token tables are new", arguments: kinds.filter { $0 != .mamba })
  func channelsAlone(kind: StrangerModel.Kind) throws {
    var random = SeededGenerator(82)
    let frame = StrangerModel.Frame(kind, .normal, &random, layers: 4, width: 64)
    let (model, stranger) = (StrangerModel(frame, &random), StrangerModel(frame, &random))
    let found = try compare(model.masked(&random).withMLPsAndTables(of: stranger), model)
    #expect(found.relation == .derived || found.relation == .partial, "\(random): \(found.relation)")
    let agreement = try #require(found.verdict.evidence.first { $0.test == .neuronAgreement })
    #expect(agreement.log10P < -6 && agreement.value > 0.2, "\(random): \(agreement)")
  }
}
