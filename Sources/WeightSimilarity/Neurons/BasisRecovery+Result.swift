public import LinearAlgebra

extension BasisRecovery {
  /// The match over all neurons, in the coordinates of the better half's fit.
  func result(_ best: SourceTry, _ evidence: BasisEvidence) -> BasisMatch {
    let better = best.halves.dropFirst().reduce(best.halves[0]) { $1.unseen.agreements > $0.unseen.agreements ? $1 : $0 }
    let (space, found) = (better.space, better.fit)
    let everything = candidate.map { Array(0..<$0.neurons) }
    // What both halves see together makes it a little better.
    let all = BasisAlternation(
      space: space, seen: everything,
      allowed: [[Int]](repeating: Array(foundation.indices), count: candidate.count), workers: workers, mostRounds: 2)
    let fit = all.fit(from: .basis(found.basis)) ?? found
    let agreed = UnseenAgreement(
      space: space, rows: everything, basis: fit.basis, origins: fit.origins, others: fit.origins.map { _ in [] },
      permutations: 0, seed: seed, workers: workers)
    let counted = Dictionary(grouping: best.halves.flatMap(\.unseen.pairs), by: \.unit).mapValues(\.count)
    // All of a unit's neurons, or the half that was counted.
    let trials = candidate.indices.map { unit in best.halves.reduce(0) { $0 + $1.unseen.neurons[unit] } }
    let pairs = Dictionary(grouping: zip(agreed.pairs, agreed.signs), by: \.0.unit)
    let units = candidate.indices.map { unit in
      // More than chance gives to one of so many units, once in a thousand times.
      let tail = Binomial(trials: trials[unit], chance: evidence.chance).log10UpperTail(counted[unit, default: 0])
      let isBeyondChance = tail + Binomial.log10(candidate.count) <= -3
      let origin = isBeyondChance && fit.origins[unit] >= 0 ? fit.origins[unit] : nil
      return BasisMatch.Unit(
        layer: candidate[unit].layer, expert: candidate[unit].expert, origin: origin,
        originLayer: origin.map { foundation[$0].layer }, originExpert: origin.flatMap { foundation[$0].expert },
        share: Double(counted[unit, default: 0]) / Double(max(trials[unit], 1)),
        neurons: origin == nil ? [] : pairs[unit, default: []].map { neuron($0.0, sign: $0.1) })
    }
    return BasisMatch(evidence: evidence, source: best.source, units: units, pairs: agreed.pairs, signs: agreed.signs)
  }

  private func neuron(_ pair: NeuronPair, sign: Int) -> BasisMatch.Neuron {
    let (b, a) = (candidate[pair.unit], foundation[pair.origin])
    func ratio(_ x: Double, _ y: Double) -> Double? { x > 0 && y > 0 ? x / y : nil }
    var gateRatio: Double?
    if let x = b.gateNorms, let y = a.gateNorms { gateRatio = ratio(x[pair.row], y[pair.originRow]) }
    return BasisMatch.Neuron(
      candidate: b.indices[pair.row], foundation: a.indices[pair.originRow], sign: sign,
      upRatio: ratio(b.upNorms[pair.row], a.upNorms[pair.originRow]),
      downRatio: ratio(b.downNorms[pair.row], a.downNorms[pair.originRow]), gateRatio: gateRatio)
  }

  /// The basis that a match stands for, in the residual channels: the polar factor over its neurons' gate, up and down rows, d_A ×
  /// d_B; a row of the foundation times it is the candidate's row. nil when nothing matched.
  ///
  /// Cost: a product of matched rows · width², and some ten steps of 3 · width³.
  public func basis(of match: BasisMatch) -> Matrix? {
    var sum = Matrix(rows: space.foundationWidth, columns: space.width)
    guard let isGated = space.candidate.first?.isGated, !match.pairs.isEmpty else { return nil }
    for matrix in isGated ? 0..<3 : 0..<2 {
      let rows = space.rows(of: match.pairs, matrix)
      var b = rows.candidate
      if isGated, matrix > 0 {
        for (row, sign) in match.signs.enumerated() where sign < 0 {
          for c in 0..<b.columns { b[row, c] = -b[row, c] }
        }
      }
      sum.add(workers.crossProduct(rows.foundation, b))
    }
    return workers.polarFactor(of: sum)
  }
}
