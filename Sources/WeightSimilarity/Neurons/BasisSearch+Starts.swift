import LinearAlgebra

extension BasisSearch {
  /// Where a fit starts.
  enum Start: Sendable {
    case basis(Matrix)
    /// Neurons that may be the same, the surest first.
    case pairs([NeuronPair])
    /// Rows that may be the same: candidate's and foundation's.
    case rows(Matrix, Matrix)
  }

  /// The start of a source on one half of the candidate's neurons; nil when the pair of models does not have it.
  func start(_ source: SeedSource, _ half: Int) -> Start? {
    switch source {
    case .inPlace: space.width == space.foundationWidth ? .basis(.identity(space.width)) : nil
    case .sameLayer:
      units == foundation.layers.count && units > 1
        ? start(half, map: Array(0..<units)) : nil
    case .anyLayer: startAnywhere(half)
    case .tokens: tokens.map { .rows($0.candidate, $0.foundation) }
    }
  }

  /// Profiles within given pairs of units.
  func start(_ half: Int, map: [Int]) -> Start? {
    let (own, others) = (candidate.profiles(workers), foundation.profiles(workers))
    let found = (0..<units).flatMap { unit in
      let seen = split.halves[half][unit]
      return ProfileSeeds(
        candidate: own[unit].taking(seen), foundation: others[map[unit]], workers: workers
      ).pairs.map { seed in
        (seed.ratio, NeuronPair(unit: unit, row: seen[seed.candidate], origin: map[unit], originRow: seed.foundation))
      }
    }
    return found.count < 2 ? nil : .pairs(found.sorted { ($0.0, $0.1.unit, $0.1.row) < ($1.0, $1.1.unit, $1.1.row) }.map(\.1))
  }

  private func startAnywhere(_ half: Int) -> Start? {
    let seen = split.halves[half]
    let (own, others) = (candidate.profiles(workers), foundation.profiles(workers))
    let seeds = ProfileSeeds(
      candidate: Matrix(stacking: (0..<units).map { own[$0].taking(seen[$0]) }), foundation: Matrix(stacking: others),
      workers: workers)
    let placesB = seen.enumerated().flatMap { unit, rows in rows.map { (unit, $0) } }
    let placesA = others.enumerated().flatMap { unit, matrix in (0..<matrix.rows).map { (unit, $0) } }
    let pairs = seeds.pairs.map {
      NeuronPair(
        unit: placesB[$0.candidate].0, row: placesB[$0.candidate].1, origin: placesA[$0.foundation].0,
        originRow: placesA[$0.foundation].1)
    }
    return pairs.count < 2 ? nil : .pairs(pairs)
  }
}
