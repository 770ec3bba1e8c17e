import LinearAlgebra
import Threads

/// Finds the basis in which the candidate's neurons are the foundation's. It alternates: the matches give the basis, and the
/// basis gives the matches.
///
/// ```swift
/// let alternation = BasisAlternation(space: space, seen: split.halves[0], allowed: everyUnit, workers: workers)
/// let fit = alternation.fit(from: .pairs(seeds))
/// ```
///
/// `R = polar(Σ fᵀc)` over the unit rows f and c of matched neurons, foundation's width × candidate's width: the orthogonal map
/// that brings the foundation's rows nearest to the candidate's (Schönemann, A generalized solution of the orthogonal Procrustes
/// problem, 1966).
/// Gate, up and down are all used, with the signs from the last basis. The first basis is computed from gates alone, because
/// their signs cannot be traded. Then each unit of the candidate is compared with each allowed unit of the foundation. Neurons on
/// which gate, up and down agree are matched, and the unit with most of them supplies the pairs of the next basis. While few
/// neurons agree, the most certain mutual matches by the sum of the three cosines are added.
///
/// After two rounds a unit is compared only with the three units of the foundation with most agreement, and once more with all
/// units when the basis has taken hold. A fit that has no basis after two rounds finds none among all units either.
///
/// The fit has enough freedom to make unrelated layers agree on the neurons that it was fitted to: this agreement proves nothing.
/// `BasisEvidence` counts on neurons that were held back.
///
/// Cost of a round: two products of (neurons of all units) · width², and one of neurons² · width for each pair of units and
/// matrix: for all pairs in the first two rounds and in the last, for three pairs per unit in the rounds between.
struct BasisAlternation: Sendable {
  /// The start of a fit.
  enum Start: Sendable {
    case basis(Matrix)
    case pairs([NeuronPair])
  }

  /// The result of a fit.
  struct Fit: Sendable {
    /// Foundation's width × candidate's width.
    var basis: Matrix
    /// For each unit of the candidate, the foundation's unit with most agreement on the neurons seen; −1 when none has any.
    var origins: [Int]
    /// For each unit of the candidate, the foundation's units that it may still come from: only one if the origin is beyond
    /// doubt.
    var open: [[Int]]
    /// For each unit of the candidate, the foundation's units with most agreement.
    fileprivate var likeliest: [[Int]]
    /// The pairs of the last round, by unit and row of the whole space.
    var pairs: [NeuronPair]
    /// The number of neurons on which all matrices agree, among those seen; their pairs are the first of `pairs`.
    var agreements: Int
    var rounds: Int
  }

  /// All neurons.
  var space: NeuronSpace
  /// For each unit of the candidate, the rows that may be seen.
  var seen: [[Int]]
  /// For each unit of the candidate, the foundation's units that it may come from.
  var allowed: [[Int]]
  var workers: Workers
  var mostRounds = SearchRule.mostRounds
  /// The number of the foundation's units with which a unit is compared after the first rounds.
  var fewUnits = SearchRule.likeliestUnits
  /// Whether the first basis is a hypothesis that does not depend on any neuron. Then it is right or wrong, and a fit that shows
  /// nothing in it ends.
  var isFirstDecisive = false

  /// Alternates until the pairs do not change, until three rounds in a row bring no more agreement, or for `mostRounds`. Returns
  /// the round with most agreement; nil if there is nothing to start from, or nothing matches.
  func fit(from start: Start) -> Fit? {
    let shown = zip(space.candidate, seen).map { $0.taking($1) }
    let first: Matrix?
    switch start {
    case .basis(let basis): first = basis
    case .pairs(let pairs): first = basis(of: pairs, in: nil)
    }
    guard let first, var best = matched(shown, in: first, allowed, among: nil) else { return nil }
    if isFirstDecisive, BasisEvidence.log10LabelBound(agreements: best.agreements, units: shown.count) > SearchRule.log10Seen {
      return best
    }
    var last = best
    var idle = 0
    while last.rounds < mostRounds, idle < SearchRule.mostIdleRounds, !workers.isCancelled {
      guard let basis = basis(of: last.pairs, in: last.basis),
        var next = matched(shown, in: basis, last.open, among: last.rounds < SearchRule.roundsAmongAll ? nil : last.likeliest)
      else { break }
      next.rounds = last.rounds + 1
      idle = next.agreements > best.agreements ? 0 : idle + 1
      let isSettled = next.pairs == last.pairs
      last = next
      if next.agreements >= best.agreements { best = next }
      if isSettled { break }
    }
    return amongAll(best, shown)
  }

  /// The fit after one more round in which every unit is compared with all units that it may come from. The round is made only if
  /// the basis has taken hold, and used only if it does not lose agreement.
  private func amongAll(_ fit: Fit, _ shown: [NeuronRows]) -> Fit {
    let neurons = shown.reduce(0) { $0 + $1.neurons }
    guard fit.rounds > SearchRule.roundsAmongAll, fit.agreements * SearchRule.neuronsPerHold >= neurons,
      fit.open.contains(where: { $0.count > fewUnits }), let basis = basis(of: fit.pairs, in: fit.basis),
      var again = matched(shown, in: basis, fit.open, among: nil), again.agreements >= fit.agreements
    else { return fit }
    again.rounds = fit.rounds + 1
    return again
  }

  /// The polar factor of the sum over pairs. If there is a last basis, up and down get the signs that they have in it.
  func basis(of pairs: [NeuronPair], in last: Matrix?) -> Matrix? {
    guard !pairs.isEmpty, let rows = space.candidate.first else { return nil }
    var sum = Matrix(rows: space.foundationWidth, columns: space.width)
    for matrix in rows.isGated && last == nil ? [0] : Array(rows.matrices.indices) {
      let (candidate, foundation) = space.rows(of: pairs, matrix)
      if rows.isUnsigned(matrix), let last {
        let aligned = Self.aligned(foundation, with: candidate, workers.product(foundation, last))
        sum.add(workers.crossProduct(aligned, candidate))
      } else {
        sum.add(workers.crossProduct(foundation, candidate))
      }
    }
    return workers.polarFactor(of: sum)
  }

  /// The foundation's rows. A row is negated if, in the candidate's basis (`turned`), it points away from the candidate's row.
  private static func aligned(_ foundation: Matrix, with candidate: Matrix, _ turned: Matrix) -> Matrix {
    var rows = foundation
    for i in 0..<rows.rows {
      var sum = 0.0
      for c in 0..<candidate.columns { sum += Double(turned[i, c]) * Double(candidate[i, c]) }
      if sum < 0 {
        for c in 0..<rows.columns { rows[i, c] = -rows[i, c] }
      }
    }
    return rows
  }

  /// One round of matching: each unit is compared with the units that it may come from (`open`), or only with `few` of them, if
  /// given.
  private func matched(_ shown: [NeuronRows], in basis: Matrix, _ open: [[Int]], among few: [[Int]]?) -> Fit? {
    let shared = SharedBasis(candidate: shown, foundation: space.foundation, basis: basis, workers: workers)
    let found = workers.map(shown.count) { unit in
      var best: UnitMatch?
      var ranks: [(agreeing: Int, score: Double, origin: Int)] = []
      for origin in open[unit].count > fewUnits ? few?[unit] ?? open[unit] : open[unit] {
        let match = UnitMatch(shared.candidate[unit], shared.foundation[origin], origin: origin)
        ranks.append((match.agreeing.count, match.score, origin))
        if best.map({ ($0.agreeing.count, $0.score) < (match.agreeing.count, match.score) }) ?? true { best = match }
      }
      ranks.sort { ($0.agreeing, $0.score, $1.origin) > ($1.agreeing, $1.score, $0.origin) }
      return (best, ranks)
    }
    let units = found.map(\.0)
    // An origin that is beyond doubt becomes the only allowed origin of its unit.
    let open = zip(open, found).map { open, found in
      guard let first = found.1.first, first.agreeing >= SearchRule.leastBeyondDoubt,
        first.agreeing >= SearchRule.timesSecond * (found.1.dropFirst().first?.agreeing ?? 0)
      else { return open }
      return [first.origin]
    }
    let (pairs, agreements) = pairs(of: units)
    guard !pairs.isEmpty else { return nil }
    return Fit(
      basis: basis, origins: units.map { $0.map { $0.agreeing.isEmpty ? -1 : $0.origin } ?? -1 }, open: open,
      likeliest: found.map { $0.1.prefix(fewUnits).map(\.origin) }, pairs: pairs, agreements: agreements, rounds: 1)
  }

  /// The pairs for the next basis: first the neurons that agree (their number is returned too), then the most certain other
  /// matches.
  private func pairs(of units: [UnitMatch?]) -> (pairs: [NeuronPair], agreements: Int) {
    var pairs: [NeuronPair] = []
    var others: [(score: Float, pair: NeuronPair)] = []
    for (unit, best) in units.enumerated() {
      guard let best else { continue }
      func pair(_ row: Int, _ partner: Int) -> NeuronPair {
        NeuronPair(unit: unit, row: seen[unit][row], origin: best.origin, originRow: partner)
      }
      pairs += best.agreeing.map { pair($0.row, $0.partner) }
      others += best.others.map { ($0.score, pair($0.row, $0.partner)) }
    }
    let agreements = pairs.count
    // At least half of all mutual matches: in a first basis few neurons agree, and the best other matches are better than chance.
    let wanted = (pairs.count + others.count) / 2
    if pairs.count < wanted {
      others.sort { ($0.score, $1.pair.unit, $1.pair.row) > ($1.score, $0.pair.unit, $0.pair.row) }
      pairs += others.prefix(wanted - pairs.count).map(\.pair)
    }
    return (pairs, agreements)
  }

  /// The comparison of a unit of the candidate with a unit of the foundation.
  private struct UnitMatch: Sendable {
    var origin: Int
    var agreeing: [(row: Int, partner: Int)] = []
    /// Mutual matches by the sum of the cosines that are not among `agreeing`.
    var others: [(score: Float, row: Int, partner: Int)] = []
    /// The sum of the scores of all mutual matches: it shows which unit is the likelier origin while no neuron agrees yet.
    var score = 0.0

    init(_ candidate: NeuronRows, _ foundation: NeuronRows, origin: Int) {
      self.origin = origin
      let cosines = candidate.cosines(with: foundation)
      let total = candidate.total(cosines)
      let mutual = MutualMatches(scores: total).partner
      for (row, partner) in candidate.agreeing(cosines).enumerated() {
        if partner >= 0 {
          agreeing.append((row, partner))
        } else if mutual[row] >= 0 {
          others.append((total[row, mutual[row]], row, mutual[row]))
        }
        if mutual[row] >= 0 { score += Double(total[row, mutual[row]]) }
      }
    }
  }
}

extension Matrix {
  /// Adds a matrix of the same shape.
  mutating func add(_ other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "matrices of different sides are not added")
    for i in values.indices { values[i] += other.values[i] }
  }
}
