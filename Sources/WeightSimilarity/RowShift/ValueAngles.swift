import LinearAlgebra
import ModelAnatomy
import RealModule
import TensorFiles
import Threads

/// The angles between rows of value projections: they are the same in any basis of the residual stream, and neurons have no part in them.
/// So a shift test of them sees a copy whose neurons were permuted and whose basis was rotated, from a few rows.
///
/// In each of a few layers, half of a head's rows are references, and a row of the other half is described by its cosines with them, gains
/// included. Descriptions with equal numbers are compared with shifted ones (``RowShiftTest``), because the numbers of a value head have no
/// order of their own. References and rows belong to one head: heads that repeat each other would give strangers the same pattern. Of small
/// heads several are read, each a stratum. Heads in another order are not seen.
///
/// Cost: at most 64 rows of 4 layers, 2 MB of a 7B in bfloat16 and 4 MB of a 70B.
struct ValueAngles: Sendable {
  private static let mostLayers = 4
  private static let mostReferences = 32
  /// A head of which nothing is known has at least twice as many numbers.
  private static let fewestReferences = 8
  /// Rows that are copies of each other say how a matrix was built, and not where it comes from: it has no vote. Independent rows of
  /// trained models stay far below.
  private static let copy = 0.95

  private let pairing: Pairing
  private let pairs: [WeightPair]

  /// The angles of the pairs of value projections at evenly spaced layers.
  init(_ pairing: Pairing) {
    self.pairing = pairing
    let all = pairing.pairs.filter {
      $0.role.name == "v_proj" && $0.candidate.layer != nil && $0.candidate.components == 1 && $0.foundation.components == 1
        && $0.candidate.columns == $0.foundation.columns && RowShiftTest.suits($0) && $0.rows >= 2 * Self.fewestReferences
    }.sorted { ($0.candidate.layer ?? 0) < ($1.candidate.layer ?? 0) }
    let count = min(Self.mostLayers, all.count)
    pairs = (0..<count).map { all[(2 * $0 + 1) * all.count / (2 * count)] }
  }

  /// The rows of a pair, of the head or the heads in the middle, and how many belong to one.
  private func rows(of pair: WeightPair) -> (all: Range<Int>, size: Int) {
    let known = pairing.candidate.headSize?.size ?? 0
    let head = known >= 2 * Self.fewestReferences && pair.rows % known == 0 ? known : 2 * Self.fewestReferences
    let size = 2 * min(Self.mostReferences, head / 2)
    let heads = pair.rows / head
    let count = size < head ? 1 : max(1, min(heads, 2 * Self.mostReferences / size))
    let first = (heads - count) / 2 * head
    return (first..<first + count * size, size)
  }

  /// The test; nil where no layer has value projections of the usual kind. Fetches what it reads.
  func test(workers: Workers) -> RowShiftTest? {
    let plan = pairs.flatMap { pair in
      [(pairing.candidate, pair.candidate), (pairing.foundation, pair.foundation)].flatMap { anatomy, weight in
        weight.slices(rows: rows(of: pair).all, columns: 0..<weight.columns)
          + (anatomy.gain(of: weight).map { $0.gain.slices(rows: 0..<1, columns: 0..<weight.columns) } ?? [])
      }
    }
    if !plan.isEmpty { TensorSlice.fetch(plan) }
    let found = workers.map(pairs.count) { number -> [ShiftedCosines] in
      let (pair, rows) = (pairs[number], rows(of: pairs[number]))
      let own = descriptions(pair.candidate, in: pairing.candidate, rows.all, rows.size)
      let other = descriptions(pair.foundation, in: pairing.foundation, rows.all, rows.size)
      return zip(own, other).map { own, other in
        ShiftedCosines(own.shiftedProducts(with: other).map { $0 / Double(own.rows) })
      }
    }
    var sums = RowShiftTest.Sums()
    for cosines in found.joined() {
      var stratum = ShiftStratum(shifts: cosines.values.count)
      stratum.add(cosines, weight: 1)
      sums.add(stratum.summary)
    }
    // It is made after the test of rows in place: two tries.
    return RowShiftTest(sums, log10Tries: pairing.log10Tries + .log10(2))
  }

  /// For each head, the cosines of the second half of its rows with the first half, each row scaled to unit length; none where a row is
  /// zero or not finite, or two rows are copies.
  private func descriptions(_ weight: Weight, in anatomy: Anatomy, _ rows: Range<Int>, _ size: Int) -> [RowBlock] {
    let gains = anatomy.gains(of: weight)
    var block = RowBlock()
    block.resize(rows: rows.count, columns: weight.columns)
    for (i, row) in rows.enumerated() {
      block.fill(i) { values, start in
        weight.read(rows: row..<row + 1, columns: 0..<weight.columns, into: &values, at: start, stride: weight.columns)
        if let gains { for k in gains.indices { values[start + k] *= gains[k] } }
      }
    }
    guard block.isFinite.allSatisfy(\.self), block.squares.allSatisfy({ $0 > 0 && $0.isFinite }) else { return [] }
    block.normalise()
    let count = rows.count
    var products = [Double](repeating: 0, count: count * count)
    block.addGram(to: &products)
    for i in 0..<count {
      guard products[i * count..<i * count + i].allSatisfy({ abs($0) < Self.copy }) else { return [] }
    }
    let half = size / 2
    let found = stride(from: 0, to: count, by: size).map { head in
      var found = RowBlock()
      found.resize(rows: half, columns: half)
      for i in 0..<half {
        found.fill(i) { values, start in
          for k in 0..<half { values[start + k] = Float(products[(head + half + i) * count + head + k]) }
        }
      }
      found.normalise()
      return found
    }
    return found
  }
}
