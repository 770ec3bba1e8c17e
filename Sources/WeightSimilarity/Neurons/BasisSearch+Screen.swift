import LinearAlgebra

/// A search over the neurons of largest norm product, before or instead of one over all that were read: kin are plain there at a
/// fraction of the cost, and strangers are not looked at longer.
///
/// The choice depends neither on the basis nor on the order or traded scales of neurons, and both models make it alike: a
/// tuned model's largest neurons are for the most part its foundation's. Seen is what one in thirty of them shows
/// (`BasisTry.isSeen`): a layer taken over among thirty, an expert among as many, or every neuron recognised with one chance in
/// thirty. Halves stay halves: what a fit on these neurons saw is among what the fit on all of them sees.
extension BasisSearch {
  /// The search over fewer neurons, and for each unit of candidate and foundation the rows that it looks at; nil when that would
  /// hardly be less work.
  func screen() -> Screen? {
    let most = sizes.screened(
      units: max(units, foundation.layers.count), width: min(space.width, space.foundationWidth))
    func work(_ limit: Int) -> Double {
      [candidate, foundation].reduce(1) { $0 * Double($1.layers.reduce(0) { $0 + min($1.neurons, limit) }) }
    }
    guard 2 * work(most) <= work(.max) else { return nil }
    let (b, a) = (candidate.taking(most), foundation.taking(most))
    return Screen(
      search: BasisSearch(
        candidate: b.model, foundation: a.model, tokens: tokens, split: split.taking(b.rows), sizes: sizes, workers: workers,
        seed: seed),
      candidate: b.rows, foundation: a.rows)
  }

  /// A search over some of the neurons.
  struct Screen: Sendable {
    var search: BasisSearch
    /// For each unit of the candidate, the rows of all that were read.
    var candidate: [[Int]]
    /// For each unit of the foundation.
    var foundation: [[Int]]

    /// A pair of the screen's rows by those of all that were read.
    func original(_ pair: NeuronPair) -> NeuronPair {
      NeuronPair(
        unit: pair.unit, row: candidate[pair.unit][pair.row], origin: pair.origin,
        originRow: foundation[pair.origin][pair.originRow])
    }
  }

  /// What a source that the screen has seen something by comes to over all neurons, from where it arrived; nil when nothing matches.
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
