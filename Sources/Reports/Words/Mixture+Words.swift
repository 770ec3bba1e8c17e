import Lineage
import MergeAnalysis
import Pictures

extension Mixture {
  /// The method of mixing: "linear", "ties, density 0.50", "linear or task arithmetic"; the kind where the method was not searched.
  var method: String {
    guard let recipe else { return kind.rawValue }
    guard !recipe.methods.isEmpty else { return kind.rawValue + ", method unknown" }
    let names = recipe.methods.map { $0.rawValue.split(separator: "_").joined(separator: " ") }.joined(separator: " or ")
    let densities = recipe.parts.compactMap(\.density).map { Figures.fixed($0, 2) }
    guard let first = densities.first else { return names }
    return names
      + (densities.allSatisfy { $0 == first } ? ", density \(first)" : ", densities \(densities.joined(separator: ", "))")
  }
}
