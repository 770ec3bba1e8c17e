@testable import Lineage
@testable import TestKit
import enum Unmask.Relation

/// The figures of all draws: how small the p-values are, and which pairs are above the line of a verdict.
struct Summary {
  /// What a verdict of kinship needs (`Verdict.Rule`): as unlikely as 10⁻⁶, and 0.03 above chance.
  private static let line = -6.0

  let neurons: [NeuronDraw?]
  let models: [ModelDraw]

  init(_ file: DrawFile) {
    neurons = file.neurons.sorted { $0.key < $1.key }.map(\.value)
    models = file.models.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The pairs of MLPs above the line.
  private var accused: [NeuronDraw] {
    neurons.compactMap(\.self).filter { $0.log10P <= Self.line || ($0.tables?.log10P ?? 0) <= Self.line }
  }
  private var wrong: [ModelDraw] { models.filter(\.isWrong) }

  /// Whether no pair is above the line.
  var isClean: Bool { accused.isEmpty && wrong.isEmpty }

  func print() {
    let draws = neurons.compactMap(\.self)
    for kind in RandomMLP.Kind.allCases {
      let own = draws.filter { $0.kind == kind }
      guard let worst = own.min(by: { $0.log10P < $1.log10P }) else { continue }
      Swift.print(
        kind.rawValue, own.count, "worst log10P", worst.log10P, "share", worst.share, "chance", worst.chance, worst.sizes,
        Self.below(own.map(\.log10P)), "KS of permutation", Self.distance(own.map(\.permutation)))
    }
    for kind in RandomMLP.Kind.allCases {
      let own = draws.filter { $0.kind == kind }.compactMap(\.tables)
      guard let worst = own.min(by: { $0.log10P < $1.log10P }) else { continue }
      Swift.print(
        kind.rawValue, "tables", own.count, "worst log10P", worst.log10P, "share", worst.share, Self.below(own.map(\.log10P)))
    }
    for draw in accused { Swift.print("above the line:", draw) }
    // What the permutation test takes to be independent is not in these two: a neuron's rows in two matrices have to do with each other.
    let exact = draws.filter { $0.kind != .repeatedRows && $0.kind != .alikeMatrices }
    Swift.print(
      "all:", neurons.count, "above the line:", accused.count, "undefined:", neurons.count - draws.count,
      "KS where the test is exact:", Self.distance(exact.map(\.permutation)), "of", exact.count)
    printModels()
  }

  private func printModels() {
    Swift.print("whole models: \(models.count) pairs")
    for kind in StrangerModel.Kind.allCases {
      let own = models.filter { $0.kind == kind }
      let count = { (relation: Relation) in own.count { $0.relation == relation } }
      Swift.print(
        kind.rawValue, own.count, "independent:", count(.independent), "insufficient:", count(.insufficient), "kin:",
        own.count { $0.relation.isKinship }, "shared parts:", own.count { !$0.sharedParts.isEmpty })
    }
    // A p-value that is valid is below a limit at most as often as the limit says.
    let tests = Dictionary(grouping: models.flatMap(\.tests), by: \.name)
    for (name, found) in tests.sorted(by: { $0.key < $1.key }) {
      let values = found.map(\.log10P)
      Swift.print(name, values.count, "worst log10P", values.min() ?? 0, Self.below(values))
    }
    for draw in wrong { Swift.print("above the line:", draw) }
  }

  private static func below(_ values: [Double]) -> String {
    [-1.0, -2, -3].map { limit in "below \(Int(limit)): \(values.count { $0 < limit })" }.joined(separator: " ")
  }

  /// The largest distance of the distribution from the uniform one, times the root of the count: above 1.63 once in a hundred.
  private static func distance(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let n = Double(sorted.count)
    return sorted.enumerated().reduce(0) { max($0, $1.element - Double($1.offset) / n, Double($1.offset + 1) / n - $1.element) }
      * n.squareRoot()
  }
}
