import LinearAlgebra

/// Looks for the foundation's neurons in a candidate, through permuted neurons, a rotated basis, traded scales and folded gains.
///
/// ```swift
/// let recovery = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers)
/// let match = recovery.match()
/// ```
///
/// Neither names nor positions nor tokens are believed. From each source of seeds the basis is fitted by turns with the matches
/// (`BasisAlternation`), twice: on one random half of each unit's neurons and on the other. Agreement is counted on the half that was not
/// seen, with the origins of layers that the seen half named. The source with most agreement is reported, and what it proves
/// (`BasisEvidence`). Every candidate's unit may come from any of the foundation's, several from one, or from none.
///
/// The neurons of largest norm product are looked at first, and when they show nothing, though a tenth of them would have been
/// beyond chance, they are all that is looked at (`BasisSearch.screen`).
///
/// Of wide models neurons are compared in a `NeuronFrame` of 512 seeds, which is built anew from what it has matched.
///
/// Source: METHOD.md 3; cross-fitting because a d × d rotation makes unrelated layers agree on what it was fitted to.
public struct BasisRecovery: Sendable {
  let candidate: [NeuronLayer]
  let foundation: [NeuronLayer]
  let workers: Workers
  /// All rows, in the residual channels.
  let space: NeuronSpace
  private let whole: BasisSearch

  /// Two models' neurons, and rows of their token tables for the same tokens.
  init(
    candidate: NeuronModel, foundation: NeuronModel, tokens: (candidate: Matrix, foundation: Matrix)?, sizes: SearchSizes,
    workers: Workers, seed: UInt64
  ) {
    let (b, a) = (candidate.layers, foundation.layers)
    precondition(Set(b.map(\.width)).count <= 1 && Set(a.map(\.width)).count <= 1, "a model has one width")
    whole = BasisSearch(
      candidate: candidate, foundation: foundation,
      tokens: tokens.map { (Self.centred($0.candidate), Self.centred($0.foundation)) },
      split: NeuronSplit(neurons: b.map(\.neurons), seed: seed), sizes: sizes, workers: workers, seed: seed)
    (self.candidate, self.foundation, self.workers, space) = (b, a, workers, whole.space)
  }

  /// Unit rows without the mean that all tokens share.
  private static func centred(_ table: Matrix) -> Matrix {
    var table = table
    for c in 0..<table.columns {
      var sum = 0.0
      for i in 0..<table.rows { sum += Double(table[i, c]) }
      let mean = Float(sum / Double(max(table.rows, 1)))
      for i in 0..<table.rows { table[i, c] -= mean }
    }
    table.normaliseRows()
    return table
  }

  /// The best match; nil when nothing can be tried: no units, or nothing to start from.
  public func match() -> BasisMatch? {
    guard !candidate.isEmpty, !foundation.isEmpty else { return nil }
    guard let screen = whole.screen() else { return matchOfAll(triesBefore: 0) }
    guard let found = screen.search.everySource(enough: 0.25) else { return nil }
    let evidence = screen.search.evidence(found.best, tries: found.tries, permuted: found.permuted)
    // Nothing, where a tenth of the neurons would have been beyond doubt.
    if evidence.log10P > -1, evidence.log10P(ifShare: 0.1) <= -8 {
      return result(found.best, evidence, in: screen.search, screen)
    }
    guard found.best.halves[0].isSeen, let best = whole.refined(found.best, from: screen) else {
      return matchOfAll(triesBefore: found.tries)
    }
    // Looked at twice: every try counts double.
    return result(best, whole.evidence(best, tries: 2 * found.tries, permuted: found.permuted), in: whole)
  }

  private func matchOfAll(triesBefore: Int) -> BasisMatch? {
    whole.everySource().map { found in
      result(
        found.best, whole.evidence(found.best, tries: found.tries + triesBefore, permuted: found.permuted), in: whole)
    }
  }
}
