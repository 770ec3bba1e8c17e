import LinearAlgebra

/// A search over the neurons of largest norm product, before or instead of one over all neurons that were read: related models are
/// recognised there at a fraction of the cost, and for unrelated models the search ends there.
///
/// The choice of neurons depends neither on the basis nor on the order or traded scales of neurons, and it is alike in both models: the
/// largest neurons of a tuned model are for the most part its foundation's. The search sees a copy when one in thirty of these neurons
/// agrees (`BasisTry.isSeen`): one layer that was taken over among thirty, one expert among as many, or every neuron with one chance in
/// thirty. The halves are the same: the neurons that a fit here has seen are among those that the fit on all neurons sees.
extension BasisSearch {
  /// The search over fewer neurons, and for each unit of candidate and foundation the rows that it uses; nil when that would
  /// hardly be less work.
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

    /// A pair of this search by the rows among all that were read.
    func original(_ pair: NeuronPair) -> NeuronPair {
      NeuronPair(
        unit: pair.unit, row: candidate[pair.unit][pair.row], origin: pair.origin,
        originRow: foundation[pair.origin][pair.originRow])
    }
  }

  /// The result over all neurons of a source with which the screen has found something, continued from that; nil when nothing matches.
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
