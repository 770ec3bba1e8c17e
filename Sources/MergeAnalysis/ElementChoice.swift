import RealModule

/// How the elements of one parent were chosen: whether they were kept, against the ranks of their magnitudes.
///
/// Four descriptions are compared by their likelihoods, with half of the logarithm of the count as the price of a parameter.
struct ElementChoice {
  enum Shape: Sendable {
    /// Kept with one probability.
    case random
    /// Kept with a probability that rises with the rank in the row.
    case graded
    /// Kept above a rank in the matrix.
    case largest
    /// Kept above a rank in the matrix, but not above a second one.
    case middle
  }

  /// The descriptions that explain the choice, the best first: all that are not a thousand times less likely than the best.
  let shapes: [Shape]
  /// The share that was kept, by shape.
  let density: (Shape) -> Double
  /// The half width of the probabilities of `graded`.
  let epsilon: Double
  /// The share of the largest elements that `middle` drops.
  let gamma: Double

  /// Kept elements by their ranks in the matrix and in the row. nil for fewer than 100.
  init?(_ elements: [(rank: Float, rowRank: Float, isKept: Bool)]) {
    guard elements.count >= 100 else { return nil }
    let n = Double(elements.count)
    let price = 0.5 * Double.log(n)
    let kept = Double(elements.count(where: \.isKept))
    // Even a deterministic choice has a few elements that coincidence explains otherwise.
    let floor = 0.01
    let p = min(max(kept / n, floor), 1 - floor)
    let flat = kept * .log(p) + (n - kept) * .log(1 - p) - price

    let line = Self.line(elements)
    var graded = -2 * price
    for one in elements {
      let p = min(max(line.middle + 2 * line.epsilon * (Double(one.rowRank) - 0.5), floor), 1 - floor)
      graded += .log(one.isKept ? p : 1 - p)
    }

    let bands = Self.bands(elements.sorted { $0.rank < $1.rank })
    let hit = { (errors: Int) in
      Double(errors) * Double.log(floor) + (n - Double(errors)) * .log(1 - floor)
    }
    let largest = hit(bands.largest.errors) - 2 * price
    // Fewer dropped than one in 500 are no reason for a second limit.
    let middle = bands.middle.high < 0.998 ? hit(bands.middle.errors) - 3 * price : -.infinity
    let all: [(Shape, Double)] = [
      (.random, flat), (.graded, line.epsilon >= 0.02 ? graded : -.infinity), (.largest, largest), (.middle, middle),
    ]
    let best = all.map(\.1).max() ?? 0
    shapes = all.filter { best - $0.1 < MergeRule.logOdds }.sorted { $0.1 > $1.1 }.map(\.0)
    epsilon = line.epsilon
    gamma = 1 - bands.middle.high
    density = { shape in
      switch shape {
      case .random: kept / n
      case .graded: line.middle
      case .largest: 1 - bands.largest.low
      case .middle: bands.middle.high - bands.middle.low
      }
    }
  }

  /// The regression line of being kept on the rank in the row.
  private static func line(_ elements: [(rank: Float, rowRank: Float, isKept: Bool)]) -> (middle: Double, epsilon: Double) {
    let n = Double(elements.count)
    var (sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0)
    for one in elements {
      let (x, y) = (Double(one.rowRank) - 0.5, one.isKept ? 1.0 : 0)
      (sx, sy, sxx, sxy) = (sx + x, sy + y, sxx + x * x, sxy + x * y)
    }
    let determinant = n * sxx - sx * sx
    guard determinant > 0 else { return (sy / n, 0) }
    let slope = (n * sxy - sx * sy) / determinant
    return ((sy - slope * sx) / n, slope / 2)
  }

  /// The limits with the fewest errors: kept above one rank, and kept between two.
  private static func bands(_ sorted: [(rank: Float, rowRank: Float, isKept: Bool)])
    -> (largest: (errors: Int, low: Double), middle: (errors: Int, low: Double, high: Double))
  {
    // sum[i]: kept minus dropped among the first i. A band from i to j has (kept outside) + (dropped inside) errors.
    let kept = sorted.count(where: \.isKept)
    var (sum, least, leastAt) = (0, 0, 0)
    var (best, bestRange) = (0, 0..<0)
    let total = sorted.reduce(0) { $0 + ($1.isKept ? 1 : -1) }
    var (largest, largestAt) = (total, 0)
    for (i, one) in sorted.enumerated() {
      sum += one.isKept ? 1 : -1
      if sum < least { (least, leastAt) = (sum, i + 1) }
      if sum - least > best { (best, bestRange) = (sum - least, leastAt..<i + 1) }
      if total - sum > largest { (largest, largestAt) = (total - sum, i + 1) }
    }
    let rank = { (i: Int) -> Double in i == 0 ? 0 : i >= sorted.count ? 1 : Double(sorted[i].rank) }
    return (
      (kept - largest, rank(largestAt)),
      (kept - best, rank(bestRange.lowerBound), rank(bestRange.upperBound))
    )
  }
}
