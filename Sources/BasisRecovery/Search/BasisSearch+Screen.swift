import LinearAlgebra

/// A search over the neurons with the largest norm product, before or instead of a search over all neurons that were read. It
/// recognises related models at a fraction of the cost, and for unrelated models the search ends with it.
///
/// The choice of neurons does not depend on the basis, or on the order or traded scales of neurons. It is similar in both models:
/// most of the largest neurons of a tuned model are also the largest of its foundation. The search detects a copy when one in
/// thirty of these neurons agrees (`BasisTry.isSeen`): one copied layer among thirty, one copied expert among thirty, or every
/// neuron with a chance of one in thirty. The halves are the same in both searches: the neurons that a fit has seen here are
/// among those that the fit on all neurons sees.
extension BasisSearch {
  /// The search over fewer neurons, and for each unit of candidate and foundation the rows that it uses; nil if it needs more
  /// than half of the work.
  func screen() -> Screen? {
    let most = sizes.screened(
      units: max(units, foundation.layers.count), width: min(space.width, space.foundationWidth))
    func work(_ limit: Int) -> Double {
      [candidate, foundation].reduce(1) { $0 * Double($1.layers.reduce(0) { $0 + min($1.neurons, limit) }) }
    }
    guard 2 * work(most) <= work(.max) else { return nil }
    let largest = (candidate: candidate.taking(most), foundation: foundation.taking(most))
    return Screen(
      search: BasisSearch(
        candidate: largest.candidate.model, foundation: largest.foundation.model, tokens: tokens,
        split: split.taking(largest.candidate.rows), sizes: sizes, workers: workers, seed: seed),
      candidate: largest.candidate.rows, foundation: largest.foundation.rows)
  }

  /// A search over some of the neurons.
  struct Screen: Sendable {
    var search: BasisSearch
    /// For each unit of the candidate, the rows of this search among all rows that were read.
    var candidate: [[Int]]
    /// For each unit of the foundation, the rows of this search among all rows that were read.
    var foundation: [[Int]]

    /// A pair of this search, with its rows among all rows that were read.
    func original(_ pair: NeuronPair) -> NeuronPair {
      NeuronPair(
        unit: pair.unit, row: candidate[pair.unit][pair.row], origin: pair.origin,
        originRow: foundation[pair.origin][pair.originRow])
    }
  }

  /// The result over all neurons for a source with which the screen found something, continued from there; nil if nothing
  /// matches.
  func refined(_ found: SourceTry, from screen: Screen) -> SourceTry? {
    var halves: [BasisTry] = []
    for (half, before) in found.halves.enumerated() {
      let isWide = min(space.width, space.foundationWidth) > sizes.frame
      let pairs = (isWide ? some(of: before.fit) : before.fit.pairs).map(screen.original)
      guard let (space, fit) = fit(from: .pairs(pairs), half, allowed: before.fit.open) else { return nil }
      halves.append(BasisTry(space: space, fit: fit, unseen: unseen(half, space, fit.basis, fit.origins)))
    }
    return SourceTry(source: found.source, halves: halves)
  }
}
