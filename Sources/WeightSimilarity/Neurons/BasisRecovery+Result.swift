public import LinearAlgebra

extension BasisRecovery {
  /// The match over all neurons of a search, or of a screen, in the coordinates of the better half's fit.
  func result(_ best: SourceTry, _ evidence: BasisEvidence, in search: BasisSearch, _ screen: BasisSearch.Screen? = nil)
    -> BasisMatch
  {
    let counted = Dictionary(grouping: best.halves.flatMap(\.unseen.pairs), by: \.unit).mapValues(\.count)
    // All of a unit's neurons, or the half that was counted.
    let trials = candidate.indices.map { unit in best.halves.reduce(0) { $0 + $1.unseen.neurons[unit] } }
    // More than chance gives to one of so many units, once in a thousand times.
    let isBeyondChance = candidate.indices.map { unit in
      Binomial(trials: trials[unit], chance: evidence.chance).log10UpperTail(counted[unit, default: 0])
        + Binomial.log10(candidate.count) <= -3
    }
    var (origins, pairs, signs) = ([Int](repeating: -1, count: candidate.count), [NeuronPair](), [Int]())
    if isBeyondChance.contains(true) {
      let better = best.halves.dropFirst().reduce(best.halves[0]) { $1.unseen.agreements > $0.unseen.agreements ? $1 : $0 }
      let everything = search.candidate.layers.map { Array(0..<$0.neurons) }
      // What both halves see together makes it a little better.
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
    let (b, a) = (search.candidate.layers[pair.unit], search.foundation.layers[pair.origin])
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
