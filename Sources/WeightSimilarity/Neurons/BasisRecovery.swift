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
/// Source: METHOD.md 3; cross-fitting because a d × d rotation makes unrelated layers agree on what it was fitted to.
public struct BasisRecovery: Sendable {
  let candidate: [NeuronLayer]
  let foundation: [NeuronLayer]
  /// Rows of the token tables for the same tokens, candidate's and foundation's.
  let tokens: (candidate: Matrix, foundation: Matrix)?
  let workers: Workers
  let seed: UInt64
  let permutations = 999
  /// Draws of the null of each kind.
  let mostDraws = 8

  private let rowsB: [NeuronRows]
  private let rowsA: [NeuronRows]
  private let split: NeuronSplit

  init(
    candidate: [NeuronLayer], foundation: [NeuronLayer], tokens: (candidate: Matrix, foundation: Matrix)? = nil,
    workers: Workers, seed: UInt64 = 1
  ) {
    precondition(Set(candidate.map(\.width)).count <= 1 && Set(foundation.map(\.width)).count <= 1, "a model has one width")
    self.candidate = candidate
    self.foundation = foundation
    self.tokens = tokens
    self.workers = workers
    self.seed = seed
    let isGated = (candidate + foundation).allSatisfy { $0.gate != nil }
    rowsB = candidate.map { NeuronRows($0, isGated: isGated) }
    rowsA = foundation.map { NeuronRows($0, isGated: isGated) }
    split = NeuronSplit(neurons: candidate.map(\.neurons), seed: seed)
  }

  /// Reads the neurons of two models, at most `most` of each layer or expert.
  public init(
    candidate: [NeuronMatrices], foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)? = nil,
    workers: Workers, most: Int = 1_024, seed: UInt64 = 1
  ) {
    func read(_ sources: [NeuronMatrices]) -> [NeuronLayer] {
      workers.map(sources.count) { NeuronLayer(sources[$0], most: most) }
    }
    self.init(
      candidate: read(candidate), foundation: read(foundation),
      tokens: tokens.map { tokens in
        let rows = min(tokens.candidate.rows, tokens.foundation.rows)
        func table(_ matrix: MatrixRows) -> Matrix {
          Matrix(rows: rows, columns: matrix.columns, values: matrix.read(0..<rows, 0..<matrix.columns))
        }
        return (table(tokens.candidate), table(tokens.foundation))
      }, workers: workers, seed: seed)
  }

  /// What one source came to.
  private struct Try {
    var source: SeedSource
    var fits: [BasisAlternation.Fit]
    var unseen: [UnseenAgreement]
    var agreements: Int { unseen.reduce(0) { $0 + $1.agreements } }
    var trials: Int { unseen.reduce(0) { $0 + $1.trials } }
  }

  /// The best match; nil when nothing can be tried: no units, or no source of seeds.
  public func match() -> BasisMatch? {
    guard !candidate.isEmpty, !foundation.isEmpty else { return nil }
    let (profilesB, profilesA) = (profiles(candidate), profiles(foundation))
    var tries: [Try] = []
    for source in SeedSource.allCases {
      guard let found = attempt(source, profilesB, profilesA) else { continue }
      tries.append(found)
      // Nothing is left to be found.
      if found.agreements * 10 >= found.trials * 9 { break }
    }
    guard let best = tries.max(by: { $0.agreements < $1.agreements }) else { return nil }
    let evidence = BasisEvidence(
      halves: best.unseen.map { .init(agreements: $0.agreements, trials: $0.trials) },
      draws: nullDraws(best, profilesB, profilesA), smallestUnit: (candidate + foundation).map(\.neurons).min() ?? 0,
      units: candidate.count, tries: tries.count, permuted: Self.largest(tries.map { $0.unseen[0].permuted }))
    return result(best, evidence)
  }

  private func profiles(_ layers: [NeuronLayer]) -> [Matrix] {
    workers.map(layers.count) { NeuronProfile.profiles(of: layers[$0]) }
  }

  private func attempt(_ source: SeedSource, _ profilesB: [Matrix], _ profilesA: [Matrix]) -> Try? {
    var found = Try(source: source, fits: [], unseen: [])
    let everywhere = [[Int]](repeating: Array(foundation.indices), count: candidate.count)
    for half in 0..<2 {
      guard let start = start(source, half, profilesB, profilesA),
        let fit = alternation(half, allowed: everywhere).fit(from: start)
      else { return nil }
      found.fits.append(fit)
      found.unseen.append(unseen(half, fit.basis, fit.origins, others: [], permutations: half == 0 ? permutations : 0))
    }
    return found
  }

  /// The alternation on one half of the candidate's neurons.
  private func alternation(_ half: Int, allowed: [[Int]]) -> BasisAlternation {
    BasisAlternation(
      candidate: rowsB.indices.map { rowsB[$0].taking(split.halves[half][$0]) }, foundation: rowsA, allowed: allowed,
      workers: workers)
  }

  private func unseen(
    _ half: Int, _ basis: Matrix, _ origins: [Int], others: [[Int]], permutations: Int
  ) -> UnseenAgreement {
    UnseenAgreement(
      candidate: rowsB, rows: split.halves[1 - half], foundation: rowsA, basis: basis, origins: origins,
      others: others.isEmpty ? origins.map { _ in [] } : others, permutations: permutations, seed: seed &+ 1_000, workers: workers
    )
  }

  private func start(_ source: SeedSource, _ half: Int, _ profilesB: [Matrix], _ profilesA: [Matrix]) -> BasisAlternation.Start? {
    let (width, other) = (candidate[0].width, foundation[0].width)
    switch source {
    case .inPlace: return width == other ? .basis(.identity(width)) : nil
    case .sameLayer:
      guard candidate.count == foundation.count, candidate.count > 1 else { return nil }
      return seeds(half, profilesB, profilesA, map: Array(candidate.indices))
    case .anyLayer:
      let seen = candidate.indices.map { profilesB[$0].taking(split.halves[half][$0]) }
      let seeds = ProfileSeeds(candidate: Matrix(stacking: seen), foundation: Matrix(stacking: profilesA), workers: workers)
      let (placesB, placesA) = (Self.places(seen.map(\.rows)), Self.places(profilesA.map(\.rows)))
      let pairs = seeds.pairs.map {
        NeuronPair(
          unit: placesB[$0.candidate].unit, row: placesB[$0.candidate].row, origin: placesA[$0.foundation].unit,
          originRow: placesA[$0.foundation].row)
      }
      return pairs.count < 2 ? nil : .pairs(pairs)
    case .tokens:
      guard let tokens else { return nil }
      let (b, a) = (Self.centred(tokens.candidate), Self.centred(tokens.foundation))
      return workers.polarFactor(of: workers.crossProduct(a, b)).map { .basis($0) }
    }
  }

  /// Seeds within given pairs of units.
  private func seeds(_ half: Int, _ profilesB: [Matrix], _ profilesA: [Matrix], map: [Int]) -> BasisAlternation.Start? {
    let pairs = candidate.indices.flatMap { unit in
      ProfileSeeds(
        candidate: profilesB[unit].taking(split.halves[half][unit]), foundation: profilesA[map[unit]], workers: workers
      ).pairs.map { NeuronPair(unit: unit, row: $0.candidate, origin: map[unit], originRow: $0.foundation) }
    }
    return pairs.count < 2 ? nil : .pairs(pairs)
  }

  private static func places(_ counts: [Int]) -> [(unit: Int, row: Int)] {
    counts.enumerated().flatMap { unit, count in (0..<count).map { (unit, $0) } }
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

  /// What agreement comes to where there can be none.
  private func nullDraws(_ best: Try, _ profilesB: [Matrix], _ profilesA: [Matrix]) -> [BasisEvidence.Draw] {
    let fit = best.fits[0]
    let origins = fit.origins.enumerated().map { $1 >= 0 ? $1 : $0 % foundation.count }
    let shifts = Array(1..<max(1, min(foundation.count, mostDraws + 1)))
    func shifted(_ shift: Int) -> [Int] { origins.map { ($0 + shift) % foundation.count } }
    var draws: [BasisEvidence.Draw] = []
    if !shifts.isEmpty {
      let others = candidate.indices.map { unit in shifts.map { shifted($0)[unit] } }
      let found = unseen(0, fit.basis, origins.map { _ in -1 }, others: others, permutations: 0)
      for shift in shifts {
        let count = zip(found.counts, shifted(shift)).reduce(0) { $0 + ($1.0[$1.1] ?? 0) }
        draws.append(.init(kind: .otherLayers, seed: UInt64(shift), agreements: count, trials: found.trials))
      }
    }
    for shift in shifts.prefix(2) {
      let map = shifted(shift)
      guard let start = seeds(0, profilesB, profilesA, map: map),
        let other = alternation(0, allowed: map.map { [$0] }).fit(from: start)
      else { continue }
      let found = unseen(0, other.basis, map, others: [], permutations: 0)
      draws.append(.init(kind: .refitted, seed: UInt64(shift), agreements: found.agreements, trials: found.trials))
    }
    for k in 0..<2 {
      let drawn = seed &+ 2_000 &+ UInt64(k)
      let found = unseen(0, Self.shuffled(fit.basis, seed: drawn), origins, others: [], permutations: 0)
      draws.append(.init(kind: .randomBasis, seed: drawn, agreements: found.agreements, trials: found.trials))
    }
    return draws
  }

  /// The basis behind a random signed permutation of the candidate's channels.
  private static func shuffled(_ basis: Matrix, seed: UInt64) -> Matrix {
    var random = SplitMix(seed: seed)
    let order = random.permutation(basis.columns)
    let signs = order.map { _ in random.next() >> 63 == 0 ? Float(1) : -1 }
    var result = basis
    for i in 0..<basis.rows {
      for j in 0..<basis.columns { result[i, j] = signs[j] * basis[i, order[j]] }
    }
    return result
  }

  /// The largest count of all tries, for each order of the labels.
  private static func largest(_ tries: [[Int]]) -> [Int] {
    (tries.first?.indices ?? 0..<0).map { k in tries.reduce(0) { max($0, $1[k]) } }
  }

  /// The match over all neurons, from the basis of the better half.
  private func result(_ best: Try, _ evidence: BasisEvidence) -> BasisMatch {
    let all = BasisAlternation(
      candidate: rowsB, foundation: rowsA,
      allowed: [[Int]](repeating: Array(foundation.indices), count: candidate.count), workers: workers, mostRounds: 2)
    let better = best.unseen[1].agreements > best.unseen[0].agreements ? 1 : 0
    let fit = all.fit(from: .basis(best.fits[better].basis)) ?? best.fits[better]
    let agreed = UnseenAgreement(
      candidate: rowsB, rows: candidate.map { Array(0..<$0.neurons) }, foundation: rowsA, basis: fit.basis, origins: fit.origins,
      others: fit.origins.map { _ in [] }, permutations: 0, seed: seed, workers: workers)
    let counted = Dictionary(grouping: best.unseen.flatMap(\.pairs), by: \.unit).mapValues(\.count)
    let pairs = Dictionary(grouping: zip(agreed.pairs, agreed.signs), by: \.0.unit)
    let units = candidate.indices.map { unit in
      let origin = counted[unit, default: 0] > 0 && fit.origins[unit] >= 0 ? fit.origins[unit] : nil
      return BasisMatch.Unit(
        layer: candidate[unit].layer, expert: candidate[unit].expert, origin: origin,
        originLayer: origin.map { foundation[$0].layer }, originExpert: origin.flatMap { foundation[$0].expert },
        share: Double(counted[unit, default: 0]) / Double(max(candidate[unit].neurons, 1)),
        neurons: origin == nil ? [] : pairs[unit, default: []].map { neuron($0.0, sign: $0.1) })
    }
    return BasisMatch(evidence: evidence, source: best.source, units: units, basis: fit.basis)
  }

  private func neuron(_ pair: NeuronPair, sign: Int) -> BasisMatch.Neuron {
    let (b, a) = (candidate[pair.unit], foundation[pair.origin])
    func ratio(_ x: Double, _ y: Double) -> Double? { x > 0 && y > 0 ? x / y : nil }
    return BasisMatch.Neuron(
      candidate: b.indices[pair.row], foundation: a.indices[pair.originRow], sign: sign,
      upRatio: ratio(b.upNorms[pair.row], a.upNorms[pair.originRow]),
      downRatio: ratio(b.downNorms[pair.row], a.downNorms[pair.originRow]),
      gateRatio: zip([b.gateNorms], [a.gateNorms]).lazy.compactMap { x, y in
        x.flatMap { x in y.flatMap { y in ratio(x[pair.row], y[pair.originRow]) } }
      }.first)
  }
}
