import Lineage
import TestKit
import Testing

@testable import Unmask

/// Models without attention and MLPs: the channels of a state space are their neurons.
@Suite struct StateSpaceTests {
  private func relation(_ candidate: StrangerModel, _ foundation: StrangerModel) throws -> ComparisonResult {
    let folder = TemporaryFolder()
    return try Unmask.compare(
      candidate: try candidate.write(to: folder, as: "candidate"), foundation: try foundation.write(to: folder, as: "foundation"))
  }

  @Test("a Mamba in another basis, with its channels in another order, is derived; another Mamba is not")
  func masked() throws {
    var random = SeededGenerator(81)
    let frame = StrangerModel.Frame(.mamba, .normal, &random, layers: 3, width: 64)
    let (model, stranger) = (StrangerModel(frame, &random), StrangerModel(frame, &random))
    let masked = model.masked(&random)
    let found = try relation(masked, model)
    #expect(found.relation == .derived, "\(random): \(found.relation)")
    #expect((found.verdict.alignedCosine ?? 0) > 0.99, "\(random)")
    let other = try relation(stranger.masked(&random), model)
    #expect(!other.relation.isKinship, "\(random): \(other.relation)")
  }
}
