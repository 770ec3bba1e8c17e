import LinearAlgebra
import ModelAnatomy
import RealModule
import Threads
import WeightSimilarity

extension ChangePass {
  /// Searches for one direction that was removed from the matrices that write the residual stream, `o_proj` and `down_proj`.
  ///
  /// The singular values of a small block of four matrices come first, which costs a hundredth of the rest; if most of them cannot
  /// have changed in a single direction, the search ends. Then these four are measured in full, and then up to 64. A direction is reported if it fulfils all of these:
  ///
  /// - More than half of the measured matrices, in two layers or more, changed in a single direction beyond rounding.
  /// - It is one direction: random ones of as many channels are this parallel with a probability below 10⁻⁶. The directions of a
  ///   LoRA or of a finetuning differ from layer to layer.
  /// - It was removed: the change uᵀΔ is opposite to the part uᵀW itself. Of unrelated vectors the cosine is 0 ± 1/√columns; the
  ///   mean over all matrices must be below that by what a normal distribution exceeds once in 10⁶.
  ///
  /// Cost: 10⁷ operations and 0.2 MB a matrix.
  package func removedDirection() -> RemovedDirection? {
    let writers = pairs.indices.filter { canBeMeasured($0) && Self.isWriter(pairs[$0]) }
    guard writers.count > 1 else { return nil }
    let few = Self.spaced(writers, 4)
    guard mayBeSingle(few) else { return nil }
    let first = measure(few)
    guard
      let isNormalised = [false, true].first(where: { 2 * first[$0 ? 1 : 0].count(where: { $0.change.isSingle }) > few.count })
    else { return nil }
    let all = Self.spaced(writers, 64)
    let both = all == few ? first : measure(all)
    let plain = found(both[0], of: all.count)
    if let plain, !plain.areRowsRescaled, !isNormalised { return plain }
    return found(both[1], of: all.count) ?? plain
  }

  private struct Measured {
    var pair: WeightPair
    var rows: [Range<Int>]
    var change: WriterChange
  }

  private static let limits = ChangeBlock.Limits(rows: 192, columns: 384)
  private static let smallLimits = ChangeBlock.Limits(rows: 96, columns: 192)
  /// One in a million: some hundred thousand models are compared with their bases.
  private static let log10Most = -6.0

  private static func isWriter(_ pair: WeightPair) -> Bool {
    pair.candidate.layer != nil && pair.isWhole && (pair.role == .oProj || pair.role == .downProj)
  }

  private static func spaced(_ indices: [Int], _ most: Int) -> [Int] {
    let count = min(most, indices.count)
    return (0..<count).map { indices[(2 * $0 + 1) * indices.count / (2 * count)] }
  }

  /// False if small blocks show that most of these matrices did not change in a single direction, neither as they are nor with normalised
  /// rows.
  private func mayBeSingle(_ indices: [Int]) -> Bool {
    let found = workers.map(indices.count) { i -> [Bool] in
      guard !self.workers.isCancelled, let block = ChangeBlock(self.pairs[indices[i]], Self.smallLimits) else {
        return [false, false]
      }
      return [false, true].map { WriterChange.mayBeSingle(block, isNormalised: $0) }
    }
    return [0, 1].contains { kind in 2 * found.count(where: { $0[kind] }) > indices.count }
  }

  /// The changes as they are, and those of normalised rows.
  private func measure(_ indices: [Int]) -> [[Measured]] {
    let found = workers.map(indices.count) { i -> [Measured?] in
      let pair = self.pairs[indices[i]]
      guard !self.workers.isCancelled, let block = ChangeBlock(pair, Self.limits) else { return [nil, nil] }
      return [false, true].map { isNormalised in
        WriterChange(block, isNormalised: isNormalised).map { Measured(pair: pair, rows: block.runs, change: $0) }
      }
    }
    return [0, 1].map { kind in found.compactMap { $0[kind] } }
  }

  private func found(_ measured: [Measured], of count: Int) -> RemovedDirection? {
    let single = measured.filter(\.change.isSingle)
    // Only vectors over the same channels can be compared.
    guard let rows = single.first?.rows else { return nil }
    let alike = single.filter { $0.rows == rows }
    guard let centre = Self.centre(alike.map(\.change.direction)) else { return nil }
    // A majority of the energy along the common direction.
    let chosen = alike.filter { Self.cosine($0.change.direction, centre).magnitude >= 0.5.squareRoot() }
    let layers = Set(chosen.compactMap(\.pair.candidate.layer)).sorted()
    guard 2 * chosen.count > count, layers.count > 1 else { return nil }
    var cosines: [Double] = []
    for i in chosen.indices {
      for j in 0..<i { cosines.append(Self.cosine(chosen[i].change.direction, chosen[j].change.direction).magnitude) }
    }
    let cosine = cosines.sorted()[cosines.count / 2]
    let log10P = Self.log10P(cosine, channels: WriterChange.spread(centre))
    let removal = chosen.reduce(0) { $0 + $1.change.removal } / Double(chosen.count)
    let variance = chosen.reduce(0) { $0 + 1 / $1.change.spread } / Double(chosen.count * chosen.count)
    guard log10P <= Self.log10Most, removal < 0,
      StudentT.log10NormalUpperTail(-removal / variance.squareRoot()) <= Self.log10Most
    else { return nil }
    let roles = [Role.oProj, .downProj].filter { role in chosen.contains { $0.pair.role == role } }
    // Without rescaling F is 1 ± √(2/rows) for random errors. Rounding of changes below half a step is not random: it gives up to 3 in
    // BF16. A rescaled row gives hundreds in small models.
    let factors = chosen.map(\.change.rescaling).sorted()
    return RemovedDirection(
      roles: roles.map(\.name), layers: layers, matrices: chosen.count, cosine: min(1, cosine), log10P: log10P,
      areRowsRescaled: factors[factors.count / 2] > 10)
  }

  /// log10 of the probability that two random directions of so many channels are this parallel: Student's t, two-sided.
  private static func log10P(_ cosine: Double, channels: Double) -> Double {
    let freedom = max(1, channels - 1)
    let t = cosine * (freedom / max(1e-15, 1 - cosine * cosine)).squareRoot()
    return min(0, StudentT.log10UpperTail(t: t, degreesOfFreedom: freedom) + .log(2) / .log(10))
  }

  /// The unit vector that is most parallel to the given ones, whatever their signs: the start with the largest sum of squared
  /// cosines, then their mean with its signs.
  private static func centre(_ directions: [[Double]]) -> [Double]? {
    let sums = directions.map { one in directions.reduce(0) { $0 + cosine(one, $1) * cosine(one, $1) } }
    guard let start = sums.indices.max(by: { (sums[$0], $1) < (sums[$1], $0) }) else { return nil }
    var sum = [Double](repeating: 0, count: directions[start].count)
    for one in directions {
      let sign = cosine(one, directions[start])
      guard sign.magnitude >= 0.5.squareRoot() else { continue }
      for i in sum.indices { sum[i] += sign < 0 ? -one[i] : one[i] }
    }
    let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? sum.map { $0 / norm } : nil
  }

  private static func cosine(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
