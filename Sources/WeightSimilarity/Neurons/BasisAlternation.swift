import LinearAlgebra

/// Finds the basis in which the candidate's neurons are the foundation's, by turns: the matches give the basis, the basis
/// gives the matches.
///
/// ```swift
/// let alternation = BasisAlternation(candidate: seen, foundation: all, allowed: everyLayer, workers: workers)
/// let fit = alternation.fit(from: .pairs(seeds))
/// ```
///
/// `R = polar(Σ âᵀb̂)` over matched neurons, d_A × d_B: the orthogonal map that brings the foundation's unit rows nearest to the
/// candidate's. Gate, up and down all have a part in it, with the sign that the last basis gave them; the first basis is from gates
/// alone, whose signs nothing can trade. Then each candidate's unit is held against each allowed unit of the foundation: neurons
/// on which gate, up and down agree are matched, and in the unit with most of them the next basis has its pairs. Where few agree
/// yet, the surest mutual matches by the sum of the three cosines are added.
///
/// It has freedom enough to make unrelated layers agree on what it has seen: its own agreement proves nothing.
///
/// Source: METHOD.md 3.3. Cost of a round: two products of (neurons of all units) · width², and one of neurons² · width for each pair of
/// units and matrix.
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
    /// The pairs of the last round.
    var pairs: [NeuronPair]
    /// Neurons of the candidate on which all matrices agree, among those seen.
    var agreements: Int
    var rounds: Int
  }

  /// The candidate's units: the neurons that may be seen.
  var candidate: [NeuronRows]
  var foundation: [NeuronRows]
  /// For each unit of the candidate, the foundation's units that it may come from.
  var allowed: [[Int]]
  var workers: Workers
  var mostRounds = 14

  func fit(from start: Start) -> Fit? {
    var found: Fit?
    switch start {
    case .basis(let basis): found = matched(in: basis)
    case .pairs(let pairs):
      guard let basis = basis(of: pairs, in: nil) else { return nil }
      found = matched(in: basis)
    }
    guard var best = found else { return nil }
    var last = best
    // Rounds after which nothing more agreed.
    var idle = 0
    while last.rounds < mostRounds, idle < 3 {
      guard let basis = basis(of: last.pairs, in: last.basis) else { break }
      guard var next = matched(in: basis) else { break }
      next.rounds = last.rounds + 1
      let isSettled = next.pairs == last.pairs
      idle = next.agreements > best.agreements ? 0 : idle + 1
      last = next
      if next.agreements >= best.agreements { best = next }
      if isSettled { break }
    }
    return best
  }

  /// The polar factor of the sum over pairs; with a basis before it, up and down have the sign that they have in it.
  func basis(of pairs: [NeuronPair], in last: Matrix?) -> Matrix? {
    guard !pairs.isEmpty, let width = candidate.first?.matrices[0].columns, let other = foundation.first?.matrices[0].columns
    else { return nil }
    let isGated = candidate[0].isGated
    let used = isGated && last == nil ? [0] : Array(candidate[0].matrices.indices)
    let byUnit = Dictionary(grouping: pairs) { $0.unit }.sorted { $0.key < $1.key }.map(\.value)
    var sum = Matrix(rows: other, columns: width)
    for k in used {
      let isUnsigned = candidate[0].isUnsigned(k)
      let parts = workers.map(byUnit.count) { u in
        let pairs = byUnit[u]
        let b = candidate[pairs[0].unit].matrices[k].taking(pairs.map(\.row))
        var a = Self.rows(pairs, of: foundation, k)
        if isUnsigned, let last { Self.align(&a, with: b, in: last) }
        return (a, b)
      }
      sum.add(workers.crossProduct(Matrix(stacking: parts.map(\.0)), Matrix(stacking: parts.map(\.1))))
    }
    return workers.polarFactor(of: sum)
  }

  /// The foundation's rows of the pairs.
  private static func rows(_ pairs: [NeuronPair], of foundation: [NeuronRows], _ k: Int) -> Matrix {
    let columns = foundation[0].matrices[k].columns
    var values: [Float] = []
    values.reserveCapacity(pairs.count * columns)
    for pair in pairs {
      values += foundation[pair.origin].matrices[k].values[pair.originRow * columns..<(pair.originRow + 1) * columns]
    }
    return Matrix(rows: pairs.count, columns: columns, values: values)
  }

  /// Turns rows of `a` around that point away from those of `b` in a basis.
  private static func align(_ a: inout Matrix, with b: Matrix, in basis: Matrix) {
    let turned = a.times(basis)
    for i in 0..<a.rows {
      var sum = 0.0
      for c in 0..<b.columns { sum += Double(turned[i, c]) * Double(b[i, c]) }
      if sum < 0 {
        for c in 0..<a.columns { a[i, c] = -a[i, c] }
      }
    }
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

  private func matched(in basis: Matrix) -> Fit? {
    let shared = SharedBasis(candidate: candidate, foundation: foundation, basis: basis, workers: workers)
    let units = workers.map(candidate.count) { unit in
      var best: UnitMatch?
      for origin in allowed[unit] {
        let match = UnitMatch(shared.candidate[unit], shared.foundation[origin], origin: origin)
        if best.map({ ($0.agreeing.count, $0.score) < (match.agreeing.count, match.score) }) ?? true { best = match }
      }
      return best
    }
    var pairs: [NeuronPair] = []
    var others: [(score: Float, pair: NeuronPair)] = []
    for (unit, best) in units.enumerated() {
      guard let best else { continue }
      pairs += best.agreeing.map { NeuronPair(unit: unit, row: $0.row, origin: best.origin, originRow: $0.partner) }
      others += best.others.map {
        ($0.score, NeuronPair(unit: unit, row: $0.row, origin: best.origin, originRow: $0.partner))
      }
    }
    let agreements = pairs.count
    // Half of all mutual matches at least: a first basis makes few agree, and the best of its other matches are better than chance.
    let wanted = (pairs.count + others.count) / 2
    if pairs.count < wanted {
      others.sort { ($0.score, $1.pair.unit, $1.pair.row) > ($1.score, $0.pair.unit, $0.pair.row) }
      pairs += others.prefix(wanted - pairs.count).map(\.pair)
    }
    guard !pairs.isEmpty else { return nil }
    pairs.sort { ($0.unit, $0.row) < ($1.unit, $1.row) }
    return Fit(
      basis: basis, origins: units.map { $0.map { $0.agreeing.isEmpty ? -1 : $0.origin } ?? -1 }, pairs: pairs,
      agreements: agreements, rounds: 1)
  }
}

extension Matrix {
  /// Adds a matrix of the same sides.
  mutating func add(_ other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "matrices of different sides are not added")
    for i in values.indices { values[i] += other.values[i] }
  }
}
