import MergeAnalysis

extension Mixture {
  /// These mixtures without those that contradict a better one: no model is mixed from what was mixed from it.
  ///
  /// A linear relation of several models can be solved for any of them, and a model of which elements were replaced is also one that got
  /// them back. The mixture whose elements are best explained up to its own rounding is kept, of equal ones the first. Ascending by
  /// candidate. O(mixtures²).
  package static func withoutCycles(_ mixtures: [Mixture]) -> [Mixture] {
    let order = mixtures.sorted {
      ($1.recipe?.explained ?? 1, $0.candidate) < ($0.recipe?.explained ?? 1, $1.candidate)
    }
    var origins: [Int: [Int]] = [:]
    func comes(_ model: Int, from other: Int) -> Bool {
      model == other || (origins[model] ?? []).contains { comes($0, from: other) }
    }
    return order.filter { mixture in
      guard !mixture.models.contains(where: { comes($0, from: mixture.candidate) }) else { return false }
      origins[mixture.candidate] = mixture.models
      return true
    }.sorted { $0.candidate < $1.candidate }
  }
}
