package import ModelAnatomy
package import Threads
import WeightSimilarity

/// The search for the foundation's attention heads in a candidate.
package enum HeadSearch: Sendable, Equatable {
  /// The search was not made.
  case notMade
  /// A model has no attention that can be read, or in too few layers.
  case impossible
  /// The search was made.
  case made(CircuitMatch)

  /// What was found; nil if no search was made.
  package var match: CircuitMatch? { if case .made(let match) = self { match } else { nil } }

  /// Reads and matches the heads of two models, of the head sizes that may be right.
  ///
  /// Cost: one read of the attention of both models, and `CircuitFactors.cosines` of each: a second for a model of 270 heads and
  /// width 576. Of models with more than `CircuitSizes.mostHeads` heads, the first and the last layers are compared. Meaningless
  /// after the workers were cancelled. `cache`: keeps the circuits of these models for other pairs.
  package init(candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: HeadCache? = nil) {
    let starts = CommonStart.shared(by: candidate, and: foundation)
    // What is left out may differ in the next pair.
    let cache = starts == nil ? cache : nil
    let own = HeadMatrices.all(of: candidate, without: starts?.candidate)
    let other = HeadMatrices.all(of: foundation, without: starts?.foundation)
    let sizes = HeadMatrices.sizes(candidate, foundation).filter { size in
      own.contains { $0.fits(size.candidate) } && other.contains { $0.fits(size.foundation) }
    }
    var found: CircuitMatch?
    for size in sizes {
      guard !workers.isCancelled else { break }
      let most = max(
        own.map { $0.query.rows / size.candidate }.max() ?? 0, other.map { $0.query.rows / size.foundation }.max() ?? 0)
      let layers = CircuitSizes.layers(heads: most)
      func circuits(_ anatomy: Anatomy, _ matrices: [HeadMatrices], _ size: Int) -> HeadCircuits {
        func read() -> HeadCircuits { HeadCircuits(matrices, size: size, layers: layers, workers: workers) }
        return cache?.circuits(of: anatomy, size: size, layers: layers, isComplete: { !workers.isCancelled }, read) ?? read()
      }
      let read = (own: circuits(candidate, own, size.candidate), other: circuits(foundation, other, size.foundation))
      guard read.own.count > 0, read.other.count > 0 else { continue }
      let match = CircuitMatch(read.own, read.other, tries: sizes.count)
      // Ties go to the likelier size.
      if match.log10P < found?.log10P ?? 1 { found = match }
      if match.log10P <= CircuitSizes.log10BeyondDoubt { break }
    }
    self = found.flatMap { $0.layers.count > 1 ? .made($0) : nil } ?? .impossible
  }
}
