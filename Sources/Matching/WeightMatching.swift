import ModelAnatomy
import Threads
import WeightSimilarity

/// Finds the weights of two models that hold nearly the same numbers, whatever their names. All pairs of weights of one shape are
/// compared.
///
/// ```swift
/// let found = WeightMatching(of: candidate.storedParameters, among: foundation.storedParameters, workers: workers)
/// found.counterparts[3]   // 41: the candidate's weight 3 is the foundation's weight 41, perhaps tuned
/// ```
///
/// Rows of two matrices are compared as in `RowShiftTest`, in up to 32 rows of 1024 columns, which is enough to see an excess of
/// a tenth. A pair is accepted if its p-value is at most 10⁻³ after correction for all pairs of its shape. The most similar pairs
/// are taken first, each weight once. A remaining weight of the candidate may then be paired as a copy, with a weight already
/// taken. Vectors are alike in every model; each gets the nearest vector of its length, if any matrix was matched. Shapes with
/// more pairs than `MatchingRule` allows are left out. Cost: reads 32 × 1024 numbers of each matrix; 32² · 1024 multiplications
/// per pair.
struct WeightMatching {
  /// Index in the candidate's list → index in the foundation's.
  private(set) var counterparts: [Int: Int] = [:]
  /// log10 of the number of choices from which the best were taken.
  private(set) var log10Tries = 0.0

  private struct Shape: Hashable {
    var rows: Int
    var columns: Int
    var components: Int

    init(_ weight: Weight) { (rows, columns, components) = (weight.rows, weight.columns, weight.components) }
  }

  /// A pair of weights of one shape, by their indices among the weights of that shape.
  private struct Likeness {
    var candidate: Int
    var foundation: Int
    /// A larger value means more alike.
    var value: Double
    var cosines = ShiftedCosines([])
  }

  /// The counterparts of `candidate` among `foundation`. After a cancellation they are meaningless.
  init(of candidate: [Weight], among foundation: [Weight], workers: Workers) {
    let (candidates, foundations) = (Self.byShape(candidate), Self.byShape(foundation))
    let shapes = candidates.keys.filter { foundations[$0] != nil }.sorted {
      ($0.rows, $0.columns, $0.components) < ($1.rows, $1.columns, $1.components)
    }
    var left = MatchingRule.mostPairs
    for shape in shapes where shape.rows >= RowSample.fewest && shape.columns >= RowSample.fewest && !workers.isCancelled {
      let indices = (candidate: candidates[shape, default: []], foundation: foundations[shape, default: []])
      guard Self.takes(indices.candidate.count * indices.foundation.count, of: &left) else { continue }
      takeMatrices(
        Self.matrices(indices.candidate.map { candidate[$0] }, indices.foundation.map { foundation[$0] }, workers), indices)
    }
    guard !counterparts.isEmpty else { return }
    left = MatchingRule.mostPairs
    for shape in shapes where shape.rows == 1 && !workers.isCancelled {
      let indices = (candidate: candidates[shape, default: []], foundation: foundations[shape, default: []])
      guard Self.takes(indices.candidate.count * indices.foundation.count, of: &left) else { continue }
      takeVectors(Self.vectors(indices.candidate.map { candidate[$0] }, indices.foundation.map { foundation[$0] }), indices)
    }
  }

  /// True if this number of pairs of one shape is within the limits; it is then subtracted from the remaining number.
  private static func takes(_ pairs: Int, of left: inout Int) -> Bool {
    guard pairs <= min(MatchingRule.mostPairsOfShape, left) else { return false }
    left -= pairs
    return true
  }

  private static func byShape(_ weights: [Weight]) -> [Shape: [Int]] {
    Dictionary(grouping: weights.indices) { Shape(weights[$0]) }
  }

  /// Takes the most similar pairs first, then copies.
  private mutating func takeMatrices(_ pairs: [Likeness], _ indices: (candidate: [Int], foundation: [Int])) {
    let log10Pairs = Tries.log10(indices.candidate.count) + Tries.log10(indices.foundation.count)
    func isSignificant(_ pair: Likeness) -> Bool {
      var stratum = ShiftStratum(shifts: pair.cosines.values.count)
      stratum.add(pair.cosines, weight: 1)
      return RowShiftTest([stratum.summary]).map { $0.log10P + log10Pairs <= MatchingRule.log10Significance } ?? false
    }
    var taken: Set<Int> = []
    for isCopy in [false, true] {
      for pair in pairs
      where counterparts[indices.candidate[pair.candidate]] == nil && (isCopy || !taken.contains(pair.foundation))
        && isSignificant(pair)
      {
        counterparts[indices.candidate[pair.candidate]] = indices.foundation[pair.foundation]
        taken.insert(pair.foundation)
        log10Tries += Tries.log10(indices.foundation.count)
      }
    }
  }

  private mutating func takeVectors(_ pairs: [Likeness], _ indices: (candidate: [Int], foundation: [Int])) {
    var taken: Set<Int> = []
    for pair in pairs where counterparts[indices.candidate[pair.candidate]] == nil && !taken.contains(pair.foundation) {
      counterparts[indices.candidate[pair.candidate]] = indices.foundation[pair.foundation]
      taken.insert(pair.foundation)
    }
  }

  /// All pairs of matrices by their excess, the largest first.
  private static func matrices(_ candidate: [Weight], _ foundation: [Weight], _ workers: Workers) -> [Likeness] {
    let samples = workers.map(foundation.count) { RowSample(of: foundation[$0], columns: MatchingRule.columns) }
    let found = workers.map(candidate.count) { i in
      let sample = RowSample(of: candidate[i], columns: MatchingRule.columns)
      return samples.enumerated().map { j, other in
        let cosines = sample.shiftedCosines(with: other)
        return Likeness(candidate: i, foundation: j, value: cosines.excess, cosines: cosines)
      }
    }
    return sorted(found.flatMap(\.self))
  }

  /// All pairs of vectors by their squared distance relative to their squared norms, the nearest first.
  private static func vectors(_ candidate: [Weight], _ foundation: [Weight]) -> [Likeness] {
    func read(_ weight: Weight) -> [Float] {
      MatrixRows(weight).read(0..<1, 0..<min(weight.columns, MatchingRule.vectorLength))
    }
    let (x, y) = (candidate.map(read), foundation.map(read))
    func square(_ vector: [Float]) -> Double { vector.reduce(0) { $0 + Double($1) * Double($1) } }
    let (xSquares, ySquares) = (x.map(square), y.map(square))
    var found: [Likeness] = []
    for i in x.indices {
      for j in y.indices {
        var distance = 0.0
        for k in 0..<min(x[i].count, y[j].count) { distance += Double(x[i][k] - y[j][k]) * Double(x[i][k] - y[j][k]) }
        let scale = xSquares[i] + ySquares[j]
        found.append(
          Likeness(candidate: i, foundation: j, value: scale > 0 && distance.isFinite ? -distance / scale : 0))
      }
    }
    return sorted(found)
  }

  private static func sorted(_ pairs: [Likeness]) -> [Likeness] {
    pairs.sorted { left, right in
      left.value != right.value
        ? left.value > right.value : (left.candidate, left.foundation) < (right.candidate, right.foundation)
    }
  }
}
