import ModelAnatomy

/// How alike equal rows of a model's adjacent layers are.
///
/// It is the mean cosine of rows with the same index in two layers, less that of all their rows, over all roles (`StartGroup`), weighted by
/// their columns. The smallest mean of the adjacent pairs counts: a start is in all pairs, but a layer that was repeated beside itself is in
/// one. A likeness that drawn layers may reach by chance counts as 0. Cost: reads 16 rows of four matrices a role.
struct LayerLikeness: Sendable {
  private static let mostLayers = 4
  private static let mostRows = 16
  private static let mostColumns = 1 << 10
  /// Standard deviations of layers that were drawn, which one model in a thousand exceeds.
  private static let leastDeviations = 3.0

  /// 0 … 1; 0 if no two matrices can be compared, or if their likeness may be by chance.
  let excess: Double

  init(_ anatomy: Anatomy) {
    var sums = [(total: Double, weights: Double, variance: Double)](repeating: (0, 0, 0), count: Self.mostLayers - 1)
    for (_, group) in StartGroup.groups(anatomy, most: Self.mostLayers).sorted(by: { $0.key < $1.key }) {
      let layers = group.map { Self.unitRows(MatrixRows($0)) }
      for (pair, (own, next)) in zip(layers, layers.dropFirst()).enumerated() {
        let weight = Double(group[0].columns)
        sums[pair].total += weight * Self.excess(own, next)
        sums[pair].weights += weight
        // The cosine of two drawn rows of n numbers has the variance 1 / n.
        sums[pair].variance += weight * weight / Double(own.count * own[0].count)
      }
    }
    let pairs = sums.filter { $0.weights > 0 }
    let isBeyondChance = pairs.allSatisfy { $0.total > Self.leastDeviations * $0.variance.squareRoot() }
    excess = isBeyondChance ? pairs.map { $0.total / $0.weights }.min() ?? 0 : 0
  }

  /// The first columns of evenly spaced rows, each of unit length; zero if it has no length.
  private static func unitRows(_ matrix: MatrixRows) -> [[Double]] {
    let count = min(mostRows, matrix.rows)
    return (0..<count).map { i in
      let row = i * matrix.rows / count
      let values = matrix.read(row..<row + 1, 0..<min(mostColumns, matrix.columns)).map { Double($0) }
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return norm > 0 && norm.isFinite ? values.map { $0 / norm } : values.map { _ in 0 }
    }
  }

  /// The mean product of rows with one index, less that of all rows.
  private static func excess(_ x: [[Double]], _ y: [[Double]]) -> Double {
    let columns = x[0].count
    var (equal, sums) = (0.0, (x: [Double](repeating: 0, count: columns), y: [Double](repeating: 0, count: columns)))
    for (a, b) in zip(x, y) {
      for k in 0..<columns {
        equal += a[k] * b[k]
        sums.x[k] += a[k]
        sums.y[k] += b[k]
      }
    }
    let all = (0..<columns).reduce(0) { $0 + sums.x[$1] * sums.y[$1] }
    let count = Double(x.count)
    return equal / count - all / (count * count)
  }
}
