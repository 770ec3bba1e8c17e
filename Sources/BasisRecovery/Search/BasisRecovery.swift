import LinearAlgebra
import Threads
import WeightSimilarity

/// Searches a candidate for the foundation's neurons, through permuted neurons, a rotated basis, traded scales and folded gains.
///
/// ```swift
/// let recovery = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers)
/// let match = recovery?.match()
/// ```
///
/// The search does not rely on names, stored positions or tokens. From each source of seeds the basis and the matches are fitted
/// in turn (`BasisAlternation`), twice: on one random half of each unit's neurons and on the other half. Agreement is counted on
/// the half that was not used for the fit, with the origins of layers that the fit found, because a d × d rotation makes even
/// unrelated layers agree on the neurons to which it was fitted. The source with most agreement is reported with its evidence
/// (`BasisEvidence`). Each unit of the candidate may come from any unit of the foundation or from none; several units may come
/// from one.
///
/// The neurons with the largest norm product are searched first. If they show nothing, although an agreement of a tenth of them
/// would have been beyond chance, the search ends (`BasisSearch.screen`).
///
/// In wide models neurons are compared in a `NeuronFrame` of 512 seeds, which is rebuilt from the neurons that it matched.
///
/// Cost: that of `BasisAlternation`, for each source, half and null draw. After its workers are cancelled, `match` returns early
/// and its value is meaningless.
package struct BasisRecovery: Sendable {
  let candidate: [NeuronLayer]
  let foundation: [NeuronLayer]
  let workers: Workers
  /// All rows, in the residual channels.
  let space: NeuronSpace
  private let whole: BasisSearch

  /// Two models' neurons, and rows of their token tables for the same tokens.
  init(
    candidate: NeuronModel, foundation: NeuronModel, tokens: (candidate: MatrixRows, foundation: MatrixRows)?,
    sizes: SearchSizes, workers: Workers, seed: UInt64 = 1
  ) {
    (self.candidate, self.foundation, self.workers) = (candidate.layers, foundation.layers, workers)
    precondition(
      Set(self.candidate.map(\.width)).count <= 1 && Set(self.foundation.map(\.width)).count <= 1, "a model has one width")
    let common = tokens.map { Self.common($0, most: 4 * sizes.frame) }
    whole = BasisSearch(
      candidate: candidate, foundation: foundation,
      tokens: common.map { (Self.centred($0.candidate), Self.centred($0.foundation)) },
      split: NeuronSplit(neurons: candidate.layers.map(\.neurons), seed: seed), sizes: sizes, workers: workers, seed: seed)
    space = whole.space
  }

  /// Evenly spaced rows of the tokens that both tables have.
  private static func common(
    _ tokens: (candidate: MatrixRows, foundation: MatrixRows), most: Int
  ) -> (candidate: Matrix, foundation: Matrix) {
    let all = min(tokens.candidate.rows, tokens.foundation.rows)
    let rows = min(all, most)
    func table(_ matrix: MatrixRows) -> Matrix {
      let values = (0..<rows).flatMap { i in
        let row = i * all / rows
        return matrix.read(row..<row + 1, 0..<matrix.columns)
      }
      return Matrix(rows: rows, columns: matrix.columns, values: values)
    }
    return (table(tokens.candidate), table(tokens.foundation))
  }

  /// The rows minus the mean of all tokens, scaled to unit length.
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

  /// The best match; nil when nothing can be tried: no units, or nothing to start from. nil after a cancellation.
  package func match() -> BasisMatch? {
    guard !candidate.isEmpty, !foundation.isEmpty, !workers.isCancelled else { return nil }
    guard let screen = whole.screen() else { return matchOfAll(triesBefore: 0) }
    guard let found = screen.search.everySource(enough: SearchRule.enoughOfScreen) else { return nil }
    let evidence = screen.search.evidence(found.best, tries: found.tries, permuted: found.permuted)
    // Nothing was found, although the agreement of a small share of the neurons would have been beyond doubt.
    if evidence.log10P > SearchRule.log10Nothing,
      evidence.log10P(ifShare: SearchRule.leastShareSeen) <= SearchRule.log10Visible
    {
      return result(found.best, evidence, in: screen.search, screen)
    }
    guard found.best.halves[0].isSeen, let best = whole.refined(found.best, from: screen) else {
      return matchOfAll(triesBefore: found.tries)
    }
    // The neurons were searched twice, so every try counts double.
    return result(best, whole.evidence(best, tries: 2 * found.tries, permuted: found.permuted), in: whole)
  }

  private func matchOfAll(triesBefore: Int) -> BasisMatch? {
    whole.everySource().map { found in
      result(
        found.best, whole.evidence(found.best, tries: found.tries + triesBefore, permuted: found.permuted), in: whole)
    }
  }
}
