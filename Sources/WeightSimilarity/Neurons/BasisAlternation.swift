import LinearAlgebra

/// Finds the basis in which the candidate's neurons are the foundation's, by turns: the matches give the basis, the basis
/// gives the matches.
///
/// ```swift
/// let alternation = BasisAlternation(space: space, seen: split.halves[0], allowed: everyUnit, workers: workers)
/// let fit = alternation.fit(from: .pairs(seeds))
/// ```
///
/// `R = polar(Σ âᵀb̂)` over matched neurons, d_A × d_B: the orthogonal map that brings the foundation's unit rows nearest to the
/// candidate's. Gate, up and down all have a part in it, with the sign that the last basis gave them; the first basis is from gates
/// alone, whose signs nothing can trade. Then each candidate's unit is held against each allowed unit of the foundation: neurons
/// on which gate, up and down agree are matched, and in the unit with most of them the next basis has its pairs. Where few agree
/// yet, the surest mutual matches by the sum of the three cosines are added.
///
/// After two rounds a unit is held only against the three units of the foundation with most agreement, and once more against all when
/// the basis has taken hold: who has no basis after two rounds finds none by looking everywhere.
///
/// It has freedom enough to make unrelated layers agree on what it has seen: its own agreement proves nothing.
///
/// Source: METHOD.md 3.3. Cost of a round: two products of (neurons of all units) · width², and one of neurons² · width for each pair of
/// units and matrix: all pairs in the first two rounds and in the last, three a unit in between.
struct BasisAlternation: Sendable {
  /// Where to start.
  enum Start: Sendable {
    case basis(Matrix)
    case pairs([NeuronPair])
  }

  /// What it arrived at.
  struct Fit: Sendable {
    /// d_A × d_B.
    var basis: Matrix
    /// For each unit of the candidate, the foundation's unit with most agreement on the neurons seen; −1 when none has any.
    var origins: [Int]
    /// For each unit of the candidate, the foundation's units that it may still come from: one where that is beyond doubt.
    var open: [[Int]]
    /// Those with most agreement.
    fileprivate var likeliest: [[Int]]
    /// The pairs of the last round, by unit and row of the whole space.
    var pairs: [NeuronPair]
    /// The first pairs: neurons of the candidate on which all matrices agree, among those seen.
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
  var mostRounds = 14
  /// Units of the foundation that a unit is held against after two rounds.
  var fewUnits = 3
  /// Whether the first basis is right or wrong, and no neuron has been looked at to find it: what shows nothing then is given up.
  var isFirstDecisive = false

  /// Takes turns until the pairs stay as they are, three rounds in a row made no more neurons agree, or `mostRounds`; the round with most
  /// agreement. nil when there is nothing to start from, or nothing matches.
  func fit(from start: Start) -> Fit? {
    let shown = zip(space.candidate, seen).map { $0.taking($1) }
    let first: Matrix?
    switch start {
    case .basis(let basis): first = basis
    case .pairs(let pairs): first = basis(of: pairs, in: nil)
    }
    guard let first, var best = matched(shown, in: first, allowed, among: nil) else { return nil }
    if isFirstDecisive, BasisEvidence.log10LabelBound(agreements: best.agreements, units: shown.count) > -1 { return best }
    var last = best
    var idle = 0
    while last.rounds < mostRounds, idle < 3 {
      guard let basis = basis(of: last.pairs, in: last.basis),
        var next = matched(shown, in: basis, last.open, among: last.rounds < 2 ? nil : last.likeliest)
      else { break }
      next.rounds = last.rounds + 1
      idle = next.agreements > best.agreements ? 0 : idle + 1
      let isSettled = next.pairs == last.pairs
      last = next
      if next.agreements >= best.agreements { best = next }
      if isSettled { break }
    }
    let neurons = shown.reduce(0) { $0 + $1.neurons }
    if best.rounds > 2, best.agreements * 20 >= neurons, best.open.contains(where: { $0.count > fewUnits }),
      let basis = basis(of: best.pairs, in: best.basis), var again = matched(shown, in: basis, best.open, among: nil),
      again.agreements >= best.agreements
    {
      again.rounds = best.rounds + 1
      best = again
    }
    return best
  }

  /// The polar factor of the sum over pairs; with a basis before it, up and down have the sign that they have in it.
  func basis(of pairs: [NeuronPair], in last: Matrix?) -> Matrix? {
    guard !pairs.isEmpty, let rows = space.candidate.first else { return nil }
    var sum = Matrix(rows: space.foundationWidth, columns: space.width)
    for matrix in rows.isGated && last == nil ? [0] : Array(rows.matrices.indices) {
      let (b, a) = space.rows(of: pairs, matrix)
      if rows.isUnsigned(matrix), let last {
        sum.add(workers.crossProduct(Self.aligned(a, with: b, workers.product(a, last)), b))
      } else {
        sum.add(workers.crossProduct(a, b))
      }
    }
    return workers.polarFactor(of: sum)
  }

  /// `a` with those rows turned around that in the candidate's basis, `turned`, point away from those of `b`.
  private static func aligned(_ a: Matrix, with b: Matrix, _ turned: Matrix) -> Matrix {
    var a = a
    for i in 0..<a.rows {
      var sum = 0.0
      for c in 0..<b.columns { sum += Double(turned[i, c]) * Double(b[i, c]) }
      if sum < 0 {
        for c in 0..<a.columns { a[i, c] = -a[i, c] }
      }
    }
    return a
  }

  /// One round of matching, each unit with the units of `few`, when given, of those that are `open` to it.
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
    // An origin that is beyond doubt is the only one that is left to its unit.
    let open = zip(open, found).map { open, found in
      guard let first = found.1.first, first.agreeing >= 10, first.agreeing >= 5 * (found.1.dropFirst().first?.agreeing ?? 0)
      else {
        return open
      }
      return [first.origin]
    }
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
    // Half of all mutual matches at least: a first basis makes few agree, and the best of its other matches are better than chance.
    let wanted = (pairs.count + others.count) / 2
    if pairs.count < wanted {
      others.sort { ($0.score, $1.pair.unit, $1.pair.row) > ($1.score, $0.pair.unit, $0.pair.row) }
      pairs += others.prefix(wanted - pairs.count).map(\.pair)
    }
    guard !pairs.isEmpty else { return nil }
    return Fit(
      basis: basis, origins: units.map { $0.map { $0.agreeing.isEmpty ? -1 : $0.origin } ?? -1 }, open: open,
      likeliest: found.map { $0.1.prefix(fewUnits).map(\.origin) }, pairs: pairs, agreements: agreements, rounds: 1)
  }

  /// A unit of the candidate held against one of the foundation.
  private struct UnitMatch: Sendable {
    var origin: Int
    var agreeing: [(row: Int, partner: Int)] = []
    /// Mutual matches by the sum of the cosines that are not among `agreeing`.
    var others: [(score: Float, row: Int, partner: Int)] = []
    /// The sum of all mutual matches' scores: which unit is the likelier origin when in none any neuron agrees yet.
    var score = 0.0

    init(_ b: NeuronRows, _ a: NeuronRows, origin: Int) {
      self.origin = origin
      let cosines = b.cosines(with: a)
      let total = b.total(cosines)
      let mutual = MutualMatches(scores: total).partner
      for (row, partner) in b.agreeing(cosines).enumerated() {
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
  /// Adds a matrix of the same sides.
  mutating func add(_ other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "matrices of different sides are not added")
    for i in values.indices { values[i] += other.values[i] }
  }
}
