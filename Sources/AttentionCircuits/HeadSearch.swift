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
  /// The residual stream is first reduced to few channels (`CircuitSizes.coarseWidth`). Only if that shows anything at all
  /// (`CircuitSizes.log10Nothing`), the search is repeated with many. A p-value below that limit is always the second one, so
  /// that it needs no correction for the first.
  ///
  /// Cost: one read of the attention of both models, and `CircuitFactors.cosines` of each, twice if the first search shows anything.
  /// Of models with more than `CircuitSizes.mostHeads` heads, the first and the last layers are compared. Meaningless after the
  /// workers were cancelled. `cache`: keeps the circuits of these models for other pairs.
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
      func circuits(_ anatomy: Anatomy, _ matrices: [HeadMatrices], _ size: Int, _ width: Int) -> HeadCircuits {
        func read() -> HeadCircuits { HeadCircuits(matrices, size: size, layers: layers, width: width, workers: workers) }
        let isComplete = { !workers.isCancelled }
        return cache?.circuits(of: anatomy, size: size, layers: layers, width: width, isComplete: isComplete, read) ?? read()
      }
      func compared(_ width: Int) -> CircuitMatch? {
        let (a, b) = (circuits(candidate, own, size.candidate, width), circuits(foundation, other, size.foundation, width))
        return a.count > 0 && b.count > 0 ? CircuitMatch(a, b, tries: sizes.count) : nil
      }
      let isWide = (own + other).contains { $0.width > CircuitSizes.coarseWidth }
      let coarse = isWide ? compared(CircuitSizes.coarseWidth) : nil
      if isWide, coarse == nil { continue }
      let isDone = coarse.map { $0.log10P > CircuitSizes.log10Nothing } ?? false
      guard let match = isDone ? coarse : compared(CircuitSizes.width) else { continue }
      // Ties go to the likelier size.
      if match.log10P < found?.log10P ?? 1 { found = match }
      if match.log10P <= CircuitSizes.log10BeyondDoubt { break }
    }
    self = found.flatMap { $0.layers.count > 1 ? .made($0) : nil } ?? .impossible
  }
}
