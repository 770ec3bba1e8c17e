import MergeAnalysis
import WeightSimilarity

/// One guess of a model's parents, fitted to each matrix separately.
struct MixtureFit {
  private struct Part {
    var layer: Int?
    var elements: Int
    /// In the parents' order; nil if the parents do not differ, so that there is no answer.
    var coefficients: [Double]?
  }

  let candidate: Int
  let parents: [Int]
  /// The sum of the squared residuals.
  let residual: Double
  private let square: Double
  private var fits: [Part] = []
  /// ‖αₖ·fₖ‖ / ‖b‖ of each parent, over all matrices.
  let parts: [Double]
  /// The index in `parents` of the parent with the negative coefficients, the base of task vectors.
  private let base: Int?
  private let areRelated: Bool

  /// Fits `parents` to the candidate. Nil if a matrix leaves more than `within` (no limit if that is nil).
  ///
  /// Coefficients are not negative, unless one of three and more parents may be the base of the others' task vectors
  /// (`hasBase`): then nil if they are not those of task vectors, with one base in all matrices.
  init?(
    _ matrices: [GramMatrix], of candidate: Int, over parents: [Int], within most: ((GramMatrix) -> Double)?,
    hasBase: Bool = false
  ) {
    var (sum, square) = (0.0, 0.0)
    var likeness = ParentLikeness(parents)
    var energies = [Double](repeating: 0, count: parents.count)
    var base: Int?
    for matrix in matrices {
      let distinct = parents.indices.filter { i in !(0..<i).contains { matrix.isSame(parents[i], parents[$0]) } }
      let chosen = distinct.map { parents[$0] }
      let isFree = hasBase && chosen.count == parents.count
      let found = isFree ? GramFit(matrix, of: candidate, over: chosen) : .nonNegative(matrix, of: candidate, over: chosen)
      guard let fit = found, most.map({ fit.residual <= $0(matrix) }) ?? true else { return nil }
      if isFree {
        guard parents.count > 2, let place = Self.base(of: fit.coefficients), base == nil || base == place else { return nil }
        base = place
      }
      sum += fit.residual
      square += matrix.square(candidate)
      for (place, coefficient) in zip(distinct, fit.coefficients) {
        energies[place] += coefficient * coefficient * matrix.square(parents[place])
      }
      likeness.add(matrix)
      fits.append(
        Part(
          layer: matrix.layer, elements: matrix.elements,
          coefficients: chosen.count == parents.count ? fit.coefficients : nil))
    }
    self.candidate = candidate
    self.parents = parents
    (residual, self.square, self.base) = (sum, square, base)
    parts = energies.map { ($0 / square).squareRoot() }
    areRelated = likeness.areRelated
    if hasBase, base == nil { return nil }
  }

  /// Whether the coefficients are those of task vectors on a base: one is clearly negative, the others are factors up to 1, and the
  /// sum is 1.
  private static func base(of coefficients: [Double]) -> Int? {
    let negative = coefficients.indices.filter { coefficients[$0] < 0 }
    let sum = coefficients.reduce(0, +)
    let factors = coefficients.filter { $0 >= 0 }
    let (least, most) = (Mixture.Rule.leastShare, 1 - Mixture.Rule.leastShare)
    guard negative.count == 1, coefficients[negative[0]] <= -least, abs(sum - 1) <= least,
      factors.allSatisfy({ (least...most).contains($0) })
    else { return nil }
    return negative[0]
  }

  /// Whether the parents' parts fit a merge: every parent has a share, and related parents are mixed in most of the weights in
  /// which they differ.
  var isEvident: Bool {
    guard shares(of: fits).map({ $0.allSatisfy { $0 >= Mixture.Rule.leastShare } || base != nil }) ?? false else { return false }
    guard areRelated else { return true }
    let telling = fits.filter { $0.coefficients != nil }
    let mixed = telling.filter { ($0.coefficients ?? []).allSatisfy { abs($0) >= Mixture.Rule.leastShare } }
    let count = { (parts: [Part]) in Double(parts.reduce(0) { $0 + $1.elements }) }
    return count(mixed) >= Mixture.Rule.leastMixed * count(telling)
  }

  /// The parents' shares in some matrices, weighted by their elements; nil if the matrices do not show the shares.
  private func shares(of some: [Part]) -> [Double]? {
    var sums = [Double](repeating: 0, count: parents.count)
    for part in some {
      guard let coefficients = part.coefficients else { continue }
      let factors = coefficients.enumerated().map { $0 == base ? 0 : max(0, $1) }
      let total = factors.reduce(0, +)
      guard total > 0 else { continue }
      for place in sums.indices { sums[place] += Double(part.elements) * factors[place] / total }
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : nil
  }

  private var kind: Mixture.Kind {
    if base != nil { return .taskVectors }
    let all = fits.compactMap(\.coefficients)
    // Sums above 1 by more than rounding: an arc between models of cosine c has 1/cos(½·arccos c) in its middle.
    let isAlone = all.allSatisfy { one in one.count { $0 >= Mixture.Rule.leastShare } == 1 }
    if isAlone { return .passthrough }
    let mean = all.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(1, all.count))
    return mean > 1.001 && parents.count == 2 ? .spherical : .linear
  }

  /// The result as a `Mixture`; nil if no matrix shows the shares.
  func mixture(isExact: Bool) -> Mixture? {
    guard let shares = shares(of: fits) else { return nil }
    let order = parents.indices.filter { $0 != base }.sorted { (shares[$1], parents[$0]) < (shares[$0], parents[$1]) }
    let byLayer = Dictionary(grouping: fits, by: { $0.layer ?? -1 }).sorted { $0.key < $1.key }
    return Mixture(
      candidate: candidate, parents: order.map { .init(model: parents[$0], share: shares[$0]) }, base: base.map { parents[$0] },
      kind: kind,
      layers: byLayer.compactMap { layer, parts in
        self.shares(of: parts).map { shares in .init(layer: layer < 0 ? nil : layer, shares: order.map { shares[$0] }) }
      },
      residual: (residual / square).squareRoot(), isExact: isExact)
  }
}

/// Whether any two of a guess's parents have a common origin, by the threshold for mixtures.
private struct ParentLikeness {
  private let parents: [Int]
  private var sums: [Double]
  private var elements = 0.0

  init(_ parents: [Int]) {
    self.parents = parents
    sums = Array(repeating: 0, count: parents.count * parents.count)
  }

  mutating func add(_ matrix: GramMatrix) {
    elements += Double(matrix.elements)
    for i in parents.indices {
      for j in 0..<i {
        sums[i * parents.count + j] += Double(matrix.elements) * abs(matrix.cosine(parents[i], parents[j]) ?? 0)
      }
    }
  }

  var areRelated: Bool { sums.contains { $0 >= Mixture.Rule.unrelated * elements } }
}
