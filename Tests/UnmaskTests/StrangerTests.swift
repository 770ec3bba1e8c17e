import Lineage
import TestKit
import Testing

@testable import Unmask

/// Unrelated models of every kind: never kin, and never called independent beyond what was tested.
@Suite struct StrangerTests {
  private static let draws = StrangerModel.Kind.allCases.flatMap { kind in StrangerModel.Start.allCases.map { (kind, $0) } }

  @Test(
    "strangers are no kin, and `independent` only where tests with power covered nine tenths", arguments: draws, [true, false])
  func independentWithinReach(draw: (kind: StrangerModel.Kind, start: StrangerModel.Start), sameShapes: Bool) throws {
    let (kind, start) = draw
    var random = SeededGenerator(4_100 + UInt64(StrangerModel.Start.allCases.firstIndex(of: start) ?? 0))
    let frame = StrangerModel.Frame(kind, start, &random)
    let candidate = StrangerModel(frame, &random)
    let foundation = StrangerModel(sameShapes ? frame : StrangerModel.Frame(kind, start, &random), &random)
    let folder = TemporaryFolder()
    let result = try Unmask.compare(
      candidate: try candidate.write(to: folder, as: "candidate"), foundation: try foundation.write(to: folder, as: "foundation"))
    #expect(!result.relation.isKinship, "\(random): \(result.relation)")
    let mayShare = kind == .sharedTower && sameShapes
    #expect(mayShare || result.sharedParts.isEmpty, "\(random): \(result.sharedParts)")
    if result.relation == .independent {
      let reached = Self.reached(candidate, foundation, result)
      #expect(reached >= 0.9, "\(random): \(reached)")
    }
  }

  /// Share of the parameters in the candidate's layers that a test with power covered, by the functions that the generator gave them:
  /// an account of its own, which knows nothing of roles.
  private static func reached(_ model: StrangerModel, _ foundation: StrangerModel, _ result: ComparisonResult) -> Double {
    let tests = Set(result.verdict.evidence.map(\.test))
    let shapes = Set(foundation.tensors.map { "\($0.name) \($0.shape)" })
    var (all, covered) = (0, 0)
    for tensor in model.tensors {
      guard tensor.use == .attention || tensor.use == .mlp || tensor.use == .mixer else { continue }
      let count = tensor.values.count
      all += count
      // Rows in place are a test where both models have a matrix of this name and shape, with rows and columns enough.
      let hasRows =
        tensor.shape.count >= 2 && tensor.shape[0] >= 8 && count / tensor.shape[0] >= 8
        && shapes.contains("\(tensor.name) \(tensor.shape)")
      let byNeurons = tensor.use == .mlp && (tests.contains(.neuronAgreement) || tests.contains(.neuronTables))
      let byHeads = tensor.use == .attention && tests.contains(.headAgreement)
      if hasRows || byNeurons || byHeads { covered += count }
    }
    return all == 0 ? 1 : Double(covered) / Double(all)
  }
}
