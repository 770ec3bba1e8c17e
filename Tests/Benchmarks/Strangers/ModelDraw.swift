@testable import Lineage
@testable import TestKit
@testable import Unmask
import enum Unmask.Relation

/// What a comparison says of a pair of whole random models that share what unrelated models share.
struct ModelDraw: Sendable {
  var kind: StrangerModel.Kind
  var start: StrangerModel.Start
  var relation: Relation
  var sharedParts: [String]
  var tests: [(name: String, log10P: Double)]

  /// Draws the pair of this number and compares it as a user would. The same for the same seed and number.
  init(number: Int, seed: UInt64) {
    var random = SeededGenerator(seed &* 7_000_003 &+ UInt64(number))
    let kinds = StrangerModel.Kind.allCases
    let starts = StrangerModel.Start.allCases
    (kind, start) = (kinds[number % kinds.count], starts[number / kinds.count % starts.count])
    let frame = StrangerModel.Frame(kind, start, &random)
    let candidate = StrangerModel(frame, &random)
    // One foundation in three has other shapes.
    let foundation = StrangerModel(number % 3 == 2 ? StrangerModel.Frame(kind, start, &random) : frame, &random)
    let folder = TemporaryFolder()
    do {
      let result = try Unmask.compare(
        candidate: try candidate.write(to: folder, as: "candidate"),
        foundation: try foundation.write(to: folder, as: "foundation"),
        threads: 1)
      (relation, sharedParts) = (result.relation, result.sharedParts)
      tests = result.verdict.evidence.map { ("\($0.test)", $0.log10P) }
    } catch {
      fatalError("\(random), \(kind), \(start): \(error)")
    }
  }

  /// Whether the pair is called kin, or is said to share a part that it does not share.
  var isWrong: Bool { relation.isKinship || (kind != .sharedTower && !sharedParts.isEmpty) }

  // MARK: Lines

  /// The draw as fields of a line.
  var fields: [String] {
    [kind.rawValue, start.rawValue, relation.rawValue, sharedParts.joined(separator: ",")]
      + tests.flatMap { [$0.name, "\($0.log10P)"] }
  }

  /// The draw of a line's fields; nil if they are none.
  init?(fields: [Substring]) {
    guard fields.count >= 4, fields.count.isMultiple(of: 2), let kind = StrangerModel.Kind(rawValue: String(fields[0])),
      let start = StrangerModel.Start(rawValue: String(fields[1])), let relation = Relation(rawValue: String(fields[2]))
    else { return nil }
    (self.kind, self.start, self.relation) = (kind, start, relation)
    sharedParts = fields[3].split(separator: ",").map(String.init)
    tests = stride(from: 4, to: fields.count, by: 2).compactMap { place in
      Double(fields[place + 1]).map { (String(fields[place]), $0) }
    }
  }
}
