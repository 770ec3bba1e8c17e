package import ModelAnatomy
import TensorFiles
package import Threads
import WeightSimilarity

/// Searches a candidate for a foundation's neurons, in every likely reading of both models.
///
/// ```swift
/// let search = NeuronFinder.search(candidate: candidate, foundation: foundation, workers: workers)
/// search.outcome.match?.evidence.share     // 0.98
/// ```
package enum NeuronFinder {
  /// The outcome, and, if anything was tried, the input of an `Alignment`.
  ///
  /// If inference leaves open which matrix is gate, up or down, the other likely readings are tried too, and their number
  /// multiplies the p-value. A reading in which most neurons agree is right and ends the search. Cost: that of `BasisRecovery`,
  /// for each reading. After a cancellation the outcome is meaningless.
  package static func search(
    candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil
  ) -> (outcome: NeuronSearch, found: FoundNeurons?) {
    let readings = readings(candidate, foundation)
    if readings.isEmpty { return (.tooDeep, nil) }
    var best: FoundNeurons?
    var tries = 0
    for (candidate, foundation) in readings where !workers.isCancelled {
      guard let recovery = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers, cache: cache),
        let match = recovery.match()
      else { continue }
      tries += match.evidence.tries
      if best.map({ match.evidence.share > $0.match.evidence.share }) ?? true {
        best = FoundNeurons(match: match, recovery: recovery, candidate: candidate, foundation: foundation)
      }
      if match.evidence.share > SearchRule.rightReading { break }
    }
    best?.match.evidence.tries = tries
    return (best.map { .made($0.match) } ?? .impossible, best)
  }

  /// The pairs of readings that differ in which tensors are gates, ups and downs, the likeliest first.
  package static func readings(_ candidate: Anatomy, _ foundation: Anatomy) -> [(Anatomy, Anatomy)] {
    let most = LayerPairs.readings(SearchRule.mostReadings, candidate, foundation)
    var known: Set<[String]> = []
    var pairs: [(Anatomy, Anatomy)] = []
    for candidate in [candidate] + candidate.alternatives {
      for foundation in [foundation] + foundation.alternatives
      where pairs.count < most && LayerPairs.canBeTried(candidate, foundation)
        && known.insert(matrices(candidate) + [""] + matrices(foundation)).inserted
      {
        pairs.append((candidate, foundation))
      }
    }
    return pairs
  }

  /// The tensors that are a model's gates, ups and downs; empty if their names determine the roles.
  private static func matrices(_ anatomy: Anatomy) -> [String] {
    guard anatomy.inference != nil else { return [] }
    let roles: Set<Role> = [.gateProj, .upProj, .downProj]
    return anatomy.weights.filter { roles.contains($0.role) }.map { "\($0.layer ?? -1) \($0.role) \($0.tensor.name)" }
  }
}
