import MergeAnalysis

extension Mixture {
  /// These mixtures without those that contradict a better one: no model is mixed from what was mixed from it.
  ///
  /// A linear relation of several models can be solved for any of them, and a model of which elements were replaced is also one that got
  /// them back. The base of task vectors is the origin of the parents that hold them, too. The mixture whose elements are best explained
  /// up to its own rounding is kept, of equal ones the first. Ascending by candidate. O(mixtures²).
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
      origins[mixture.candidate, default: []] += mixture.models
      for parent in mixture.parents {
        if let base = mixture.base, !comes(base, from: parent.model) { origins[parent.model, default: []].append(base) }
      }
      return true
    }.sorted { $0.candidate < $1.candidate }
  }
}
