package import LinearAlgebra
import Threads

extension BasisRecovery {
  /// The match over all neurons of a search, or of a screen, in the coordinates of the better half's fit.
  func result(_ best: SourceTry, _ evidence: BasisEvidence, in search: BasisSearch, _ screen: BasisSearch.Screen? = nil)
    -> BasisMatch
  {
    let counted = Dictionary(grouping: best.halves.flatMap(\.unseen.pairs), by: \.unit).mapValues(\.count)
    // All of a unit's neurons, or the half that was counted.
    let trials = candidate.indices.map { unit in best.halves.reduce(0) { $0 + $1.unseen.neurons[unit] } }
    // Significant after correction for the number of units.
    let isBeyondChance = candidate.indices.map { unit in
      Binomial(trials: trials[unit], chance: evidence.chance).log10UpperTail(counted[unit, default: 0])
        + Binomial.log10(candidate.count) <= SearchRule.log10UnitSignificance
    }
    var (origins, pairs, signs) = ([Int](repeating: -1, count: candidate.count), [NeuronPair](), [Int]())
    if isBeyondChance.contains(true) {
      let better = best.halves.dropFirst().reduce(best.halves[0]) { $1.unseen.agreements > $0.unseen.agreements ? $1 : $0 }
      let everything = search.candidate.layers.map { Array(0..<$0.neurons) }
      // A basis fitted to both halves together is a little better.
      let all = BasisAlternation(
        space: better.space, seen: everything, allowed: better.fit.open, workers: workers, mostRounds: 2)
      let fit = all.fit(from: .basis(better.fit.basis)) ?? better.fit
      let agreed = UnseenAgreement(
        space: better.space, rows: everything, basis: fit.basis, origins: fit.origins, others: fit.origins.map { _ in [] },
        permutations: 0, seed: search.seed, workers: workers)
      (origins, pairs, signs) = (fit.origins, agreed.pairs, agreed.signs)
    }
    let matched = Dictionary(grouping: zip(pairs, signs), by: \.0.unit)
    let units = candidate.indices.map { unit in
      let origin = isBeyondChance[unit] && origins[unit] >= 0 ? origins[unit] : nil
      return BasisMatch.Unit(
        layer: candidate[unit].layer, expert: candidate[unit].expert, origin: origin,
        originLayer: origin.map { foundation[$0].layer }, originExpert: origin.flatMap { foundation[$0].expert },
        share: Double(counted[unit, default: 0]) / Double(max(trials[unit], 1)),
        neurons: origin == nil ? [] : matched[unit, default: []].map { neuron($0.0, sign: $0.1, in: search) })
    }
    return BasisMatch(
      evidence: evidence, source: best.source, units: units, pairs: screen.map { pairs.map($0.original) } ?? pairs, signs: signs)
  }

  private func neuron(_ pair: NeuronPair, sign: Int, in search: BasisSearch) -> BasisMatch.Neuron {
    let (layer, origin) = (search.candidate.layers[pair.unit], search.foundation.layers[pair.origin])
    func ratio(_ norms: [Double]?, _ originNorms: [Double]?) -> Double? {
      guard let x = norms?[pair.row], let y = originNorms?[pair.originRow], x > 0, y > 0 else { return nil }
      return x / y
    }
    return BasisMatch.Neuron(
      candidate: layer.indices[pair.row], foundation: origin.indices[pair.originRow], sign: sign,
      upRatio: ratio(layer.upNorms, origin.upNorms), downRatio: ratio(layer.downNorms, origin.downNorms),
      gateRatio: ratio(layer.gateNorms, origin.gateNorms))
  }

  /// The basis of a match in the residual channels: the polar factor over the gate, up and down rows of its neurons, foundation's
  /// width × candidate's width. A row of the foundation times the basis is the candidate's row. nil if nothing matched.
  ///
  /// Cost: a product of matched rows · width², and some ten steps of 3 · width³.
  package func basis(of match: BasisMatch) -> Matrix? {
    var sum = Matrix(rows: space.foundationWidth, columns: space.width)
    guard let isGated = space.candidate.first?.isGated, !match.pairs.isEmpty else { return nil }
    for matrix in isGated ? 0..<3 : 0..<2 {
      let rows = space.rows(of: match.pairs, matrix)
      var candidateRows = rows.candidate
      if isGated, matrix > 0 {
        for (row, sign) in match.signs.enumerated() where sign < 0 {
          for c in 0..<candidateRows.columns { candidateRows[row, c] = -candidateRows[row, c] }
        }
      }
      sum.add(workers.crossProduct(rows.foundation, candidateRows))
    }
    return workers.polarFactor(of: sum)
  }
}
