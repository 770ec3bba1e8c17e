package import BasisRecovery
package import ModelAnatomy
package import Threads
import WeightSimilarity

/// Searches a candidate for a foundation's neurons by tables of cosines, in every likely reading of both models.
package enum TableFinder {
  /// A p-value at which a reading is right: no other one is tried.
  private static let log10Right = -12.0

  /// The outcome. If inference leaves open which matrix is gate, up or down, the other likely readings are tried too, and their
  /// number multiplies the p-value.
  ///
  /// Gates are used only if all MLPs of both models have them. Of models with many experts the few largest of each layer are read.
  /// `cache`: keeps the tables of these models for other pairs. Cost: that of `ModelTables` and `TableMatch`, for each reading. After a cancellation the outcome is meaningless.
  package static func search(
    candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil
  ) -> TableSearch {
    let readings = NeuronFinder.readings(candidate, foundation)
    if readings.isEmpty { return .tooDeep }
    var best: TableMatch?
    var tries = 0
    for (candidate, foundation) in readings where !workers.isCancelled {
      guard let match = match(candidate, foundation, workers, cache) else { continue }
      tries += 1
      if best.map({ match.log10P < $0.log10P }) ?? true { best = match }
      if match.log10P <= log10Right { break }
    }
    best?.readings = max(tries, 1)
    return best.map { .made($0) } ?? .impossible
  }

  private static func match(_ candidate: Anatomy, _ foundation: Anatomy, _ workers: Workers, _ cache: NeuronCache?) -> TableMatch?
  {
    let sizes = TableSizes()
    let experts = min(sizes.experts(layers: candidate.layers), sizes.experts(layers: foundation.layers))
    let starts = CommonStart.shared(by: candidate, and: foundation)
    let units = (
      own: NeuronMatrices.all(of: candidate, without: starts?.candidate),
      other: NeuronMatrices.all(of: foundation, without: starts?.foundation)
    )
    guard !units.own.isEmpty, !units.other.isEmpty else { return nil }
    let isGated = (units.own + units.other).allSatisfy { $0.gate != nil }
    func tables(_ anatomy: Anatomy, _ units: [NeuronMatrices]) -> ModelTables {
      func read() -> ModelTables {
        ModelTables(NeuronMatrices.largest(experts, of: units, workers: workers), isGated: isGated, workers: workers)
      }
      // Inferred roles, and what is left out, may differ in the next pair.
      guard let cache, anatomy.inference == nil, starts == nil else { return read() }
      return cache.value(anatomy, "tables \(experts) \(isGated)", workers, bytes: \.bytes, read)
    }
    return TableMatch(candidate: tables(candidate, units.own), foundation: tables(foundation, units.other), workers: workers)
  }
}
