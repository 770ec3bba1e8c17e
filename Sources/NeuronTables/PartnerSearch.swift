import LinearAlgebra
import RealModule

/// Finds the partners of one unit's neurons in another unit, by relative representation.
///
/// First partners are mutual nearest features. Then a neuron is described by its cosines with the neurons that have a partner, in the
/// partners' order, and the mutual best descriptions are the next partners. The descriptions need no basis, because cosines of one
/// matrix with each other do not.
struct PartnerSearch {
  let candidate: CosineTable
  let foundation: CosineTable
  let selection: TableSelection
  let sizes: TableSizes
  /// How alike the features are: candidate's × foundation's neurons, in 0 … 1.
  private let likeness: Matrix

  init(_ candidate: CosineTable, _ foundation: CosineTable, _ selection: TableSelection, _ sizes: TableSizes) {
    (self.candidate, self.foundation, self.selection, self.sizes) = (candidate, foundation, selection, sizes)
    let own = CosineTable.ownCount(matrices: candidate.tables.count, selection)
    likeness = FeatureLikeness.likeness(candidate.features, foundation.features, own: own)
  }

  /// The tables by which partners are found.
  private var used: Range<Int> { selection == .firstMatrix ? 0..<1 : candidate.tables.indices }

  /// The candidate's neurons whose partners are searched in a fold: every second one, by norm. The others are held out.
  func seen(_ fold: Int) -> [Int] { (0..<candidate.neurons).filter { $0 % 2 == fold } }

  /// Partners among these neurons of the candidate: rows of the candidate and of the foundation.
  typealias Partners = (candidate: [Int], foundation: [Int])

  /// The mutual nearest features among some neurons of the candidate and all of the foundation.
  func first(_ rows: [Int]) -> Partners {
    let matches = likeness.taking(rows).mutualHighest()
    let found = matches.indices.filter { matches[$0] >= 0 }
    return (found.map { rows[$0] }, found.map { matches[$0] })
  }

  /// The partners after all rounds; nil if there are too few.
  func partners(_ fold: Int) -> Partners? {
    let rows = seen(fold)
    var partners = first(rows)
    for _ in 0..<sizes.rounds {
      guard partners.candidate.count >= sizes.least else { return nil }
      let scores = Descriptions(candidate, partners.candidate, used, rows).scores(
        Descriptions(foundation, partners.foundation, used, Array(0..<foundation.neurons)))
      let matches = scores.mutualHighest()
      let found = matches.indices.filter { matches[$0] >= 0 }
      let kept = max(8, found.count * sizes.keptTenths / 10)
      let best = found.sorted { (scores[$0, matches[$0]], $1) > (scores[$1, matches[$1]], $0) }.prefix(kept)
      partners = (best.map { rows[$0] }, best.map { matches[$0] })
    }
    return partners.candidate.count >= sizes.least ? partners : nil
  }

  /// How alike two units look: the correlation of their tables over the first partners, in standard deviations of unrelated
  /// tables. It costs little, and only decides which units are compared.
  func screen() -> Double {
    let (rows, others) = first(Array(0..<candidate.neurons))
    guard rows.count >= sizes.least else { return -1 }
    let degrees = (Double(rows.count * (rows.count - 1)) / 2).squareRoot()
    return used.map { table in
      var sums = (x: 0.0, y: 0.0, xx: 0.0, yy: 0.0, xy: 0.0)
      for i in rows.indices {
        for j in 0..<i {
          let x = Double(candidate.tables[table][rows[i], rows[j]])
          let y = Double(foundation.tables[table][others[i], others[j]])
          sums = (sums.x + x, sums.y + y, sums.xx + x * x, sums.yy + y * y, sums.xy + x * y)
        }
      }
      let n = degrees * degrees
      let (xx, yy) = (sums.xx - sums.x * sums.x / n, sums.yy - sums.y * sums.y / n)
      return xx > 0 && yy > 0 ? degrees * (sums.xy - sums.x * sums.y / n) / (xx * yy).squareRoot() : 0
    }.max() ?? -1
  }
}
