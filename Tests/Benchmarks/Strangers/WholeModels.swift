@testable import Lineage
@testable import TestKit
@testable import Threads
@testable import Unmask
import enum Unmask.Relation

/// Pairs of whole random models that share what unrelated models share, compared as a user would compare them.
struct WholeModels {
  var pairs: Int
  var seed: UInt64
  var threads: Int

  private struct Draw: Sendable {
    var kind: StrangerModel.Kind
    var start: StrangerModel.Start
    var relation: Relation
    var sharedParts: [String]
    var tests: [(name: String, log10P: Double)]
  }

  /// Prints the relations of each kind and start, and how small the p-values of each test are; returns how many pairs are called kin,
  /// or are said to share a part that they do not share.
  func run() -> Int {
    print("whole models: \(pairs) pairs")
    let draws = Workers(threads: threads).map(pairs) { draw($0) }
    for kind in StrangerModel.Kind.allCases {
      let own = draws.filter { $0.kind == kind }
      let count = { (relation: Relation) in own.count { $0.relation == relation } }
      print(
        kind.rawValue, own.count, "independent:", count(.independent), "insufficient:", count(.insufficient), "kin:",
        own.count { $0.relation.isKinship }, "shared parts:", own.count { !$0.sharedParts.isEmpty })
    }
    // A p-value that is valid is below a limit at most as often as the limit says.
    let tests = Dictionary(grouping: draws.flatMap(\.tests), by: \.name)
    for (name, found) in tests.sorted(by: { $0.key < $1.key }) {
      print(
        name, found.count, "worst log10P", found.map(\.log10P).min() ?? 0, "below -1:", found.count { $0.log10P < -1 },
        "below -2:",
        found.count { $0.log10P < -2 }, "below -3:", found.count { $0.log10P < -3 })
    }
    let wrong = draws.filter { $0.relation.isKinship || ($0.kind != .sharedTower && !$0.sharedParts.isEmpty) }
    for draw in wrong { print("above the line:", draw) }
    return wrong.count
  }

  private func draw(_ index: Int) -> Draw {
    var random = SeededGenerator(seed &* 7_000_003 &+ UInt64(index))
    let kinds = StrangerModel.Kind.allCases
    let starts = StrangerModel.Start.allCases
    let (kind, start) = (kinds[index % kinds.count], starts[index / kinds.count % starts.count])
    let frame = StrangerModel.Frame(kind, start, &random)
    let candidate = StrangerModel(frame, &random)
    // One foundation in three has other shapes.
    let foundation = StrangerModel(index % 3 == 2 ? StrangerModel.Frame(kind, start, &random) : frame, &random)
    let folder = TemporaryFolder()
    do {
      let result = try Unmask.compare(
        candidate: try candidate.write(to: folder, as: "candidate"),
        foundation: try foundation.write(to: folder, as: "foundation"),
        threads: 1)
      return Draw(
        kind: kind, start: start, relation: result.relation, sharedParts: result.sharedParts,
        tests: result.verdict.evidence.map { ("\($0.test)", $0.log10P) })
    } catch {
      fatalError("\(random), \(kind), \(start): \(error)")
    }
  }
}
