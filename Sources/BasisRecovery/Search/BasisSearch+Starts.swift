import LinearAlgebra

extension BasisSearch {
  /// The start from a source on one half of the candidate's neurons; nil if the source does not apply to the two models.
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

  /// Pairs of neurons with similar profiles within given pairs of units.
  func start(_ half: Int, map: [Int]) -> Start? {
    let profiles = (candidate: candidate.profiles(workers), foundation: foundation.profiles(workers))
    let found = (0..<units).flatMap { unit in
      let seen = split.halves[half][unit]
      return ProfileSeeds(
        candidate: profiles.candidate[unit].taking(seen), foundation: profiles.foundation[map[unit]], workers: workers
      ).pairs.map { seed in
        (seed.ratio, NeuronPair(unit: unit, row: seen[seed.candidate], origin: map[unit], originRow: seed.foundation))
      }
    }
    return found.count < 2 ? nil : .pairs(found.sorted { ($0.0, $0.1.unit, $0.1.row) < ($1.0, $1.1.unit, $1.1.row) }.map(\.1))
  }

  private func startAnywhere(_ half: Int) -> Start? {
    let seen = split.halves[half]
    let profiles = (candidate: candidate.profiles(workers), foundation: foundation.profiles(workers))
    let seeds = ProfileSeeds(
      candidate: Matrix(stacking: (0..<units).map { profiles.candidate[$0].taking(seen[$0]) }),
      foundation: Matrix(stacking: profiles.foundation), workers: workers)
    // The unit and row of each row of the stacked profiles.
    let candidateRows = seen.enumerated().flatMap { unit, rows in rows.map { (unit: unit, row: $0) } }
    let foundationRows = profiles.foundation.enumerated().flatMap { unit, matrix in
      (0..<matrix.rows).map { (unit: unit, row: $0) }
    }
    let pairs = seeds.pairs.map {
      let (candidate, foundation) = (candidateRows[$0.candidate], foundationRows[$0.foundation])
      return NeuronPair(
        unit: candidate.unit, row: candidate.row, origin: foundation.unit, originRow: foundation.row)
    }
    return pairs.count < 2 ? nil : .pairs(pairs)
  }
}
