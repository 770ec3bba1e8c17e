import LinearAlgebra

/// Matches the heads of two models by their cosines with heads that are matched already.
///
/// The heads of the candidate's even layers, or of its odd ones, are fitted: they start from `HeadProfiles`, and in each round all
/// heads of the foundation and of the candidate are described by their cosines with the matched ones, and matched again. The other
/// half of the layers is then described once by output–value cosines and once by query–key cosines. These tables have no entry in
/// common, and neither has influenced the fit.
struct CircuitSearch {
  let candidate: HeadCircuits
  let foundation: HeadCircuits
  private let guess: Matrix

  /// Rounds of description and matching. The matches of related models settle in three to five.
  private static let rounds = 8
  /// The fewest matched heads that describe others.
  private static let leastAnchors = 4
  /// The number of matches that are kept whatever their likeness; beyond it, the better half of the first guess, and the better four
  /// fifths in each round: false matches are among the worse ones.
  private static let keptAnchors = 8

  init(candidate: HeadCircuits, foundation: HeadCircuits) {
    (self.candidate, self.foundation) = (candidate, foundation)
    guess = HeadProfiles.likeness(candidate, foundation)
  }

  /// The heads of every other layer: half 0 has the first layer.
  func heads(half: Int) -> (fitted: [Int], unseen: [Int]) {
    let layers = Set(candidate.places.map(\.layer)).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: zip(layers, 0...))
    let isFitted = candidate.places.map { (ranks[$0.layer] ?? 0) % 2 == half }
    return (isFitted.indices.filter { isFitted[$0] }, isFitted.indices.filter { !isFitted[$0] })
  }

  /// Pairs of heads, candidate and foundation, from the candidate's `fitted` heads alone; empty if too few were matched.
  func anchors(_ fitted: [Int]) -> [(candidate: Int, foundation: Int)] {
    guard candidate.count > 1, foundation.count > 1 else { return [] }
    var partner = guess.mutualHighest()
    // How clearly the best match is better than the second best.
    var chosen = best(fitted.filter { partner[$0] >= 0 }, share: 0.5) { margin(of: $0) }
    for _ in 0..<Self.rounds {
      guard chosen.count >= Self.leastAnchors else { return [] }
      let pairs = chosen.map { (candidate: $0, foundation: partner[$0]) }
      var scores = likeness(\.written, pairs, Array(0..<candidate.count), Array(0..<foundation.count))
      let other = likeness(\.attended, pairs, Array(0..<candidate.count), Array(0..<foundation.count))
      for i in scores.values.indices { scores.values[i] += other.values[i] }
      partner = scores.mutualHighest()
      chosen = best(fitted.filter { partner[$0] >= 0 }, share: 0.8) { Double(scores[$0, partner[$0]]) }
    }
    return chosen.count < Self.leastAnchors ? [] : chosen.map { ($0, partner[$0]) }
  }

  /// The partners of the candidate's unseen heads by one table, as indices among `open`; −1 for none.
  func partners(
    _ table: KeyPath<HeadCircuits, Matrix>, _ anchors: [(candidate: Int, foundation: Int)], unseen: [Int], open: [Int]
  ) -> [Int] {
    guard !open.isEmpty else { return unseen.map { _ in -1 } }
    return likeness(table, anchors, unseen, open).mutualHighest()
  }

  /// Cosines of the descriptions of heads by one table: their cosines with each anchor, in that anchor's deviations from its mean.
  private func likeness(
    _ table: KeyPath<HeadCircuits, Matrix>, _ anchors: [(candidate: Int, foundation: Int)], _ rows: [Int], _ columns: [Int]
  ) -> Matrix {
    func described(_ model: HeadCircuits, _ anchors: [Int], _ heads: [Int]) -> Matrix {
      let table = model[keyPath: table]
      let seen = Matrix(
        rows: table.rows, columns: anchors.count,
        values: (0..<table.rows).flatMap { row in anchors.map { table[row, $0] } })
      var found = seen.standardisedColumns().taking(heads)
      found.normaliseRows()
      return found
    }
    return described(candidate, anchors.map(\.candidate), rows)
      .timesTranspose(of: described(foundation, anchors.map(\.foundation), columns))
  }

  /// The best of `heads` by `score`: this share of them, at least `keptAnchors`; ties go to the first.
  private func best(_ heads: [Int], share: Double, by score: (Int) -> Double) -> [Int] {
    let scores = Dictionary(uniqueKeysWithValues: heads.map { ($0, score($0)) })
    let sorted = heads.sorted { (-(scores[$0] ?? 0), $0) < (-(scores[$1] ?? 0), $1) }
    return Array(sorted.prefix(max(Self.keptAnchors, Int(share * Double(heads.count)))))
  }

  private func margin(of head: Int) -> Double {
    let row = (0..<guess.columns).map { guess[head, $0] }
    let most = row.max() ?? 0
    let second = row.enumerated().filter { $0.element < most }.map(\.element).max() ?? most
    return Double(most - second)
  }
}
