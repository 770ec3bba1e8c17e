/// The matrices that are shifted together, and the sums of their mean cosines for every shift.
struct ShiftStratum: Sendable {
  /// Σ over matrices of weight · T_s, for s = 0 (in place), 1, 2, ….
  private(set) var sums: [Double]
  /// Σ of the weights.
  private(set) var weight = 0.0

  init(shifts: Int) { sums = Array(repeating: 0, count: shifts) }

  mutating func add(_ cosines: [Double], weight: Double) {
    for s in sums.indices { sums[s] += weight * cosines[s] }
    self.weight += weight
  }

  /// Draws of the null: every shift but none.
  var draws: Int { sums.count - 1 }
  var value: Double { sums[0] }
  var mean: Double { sums.dropFirst().reduce(0, +) / Double(draws) }
  /// Variance of a draw.
  var variance: Double {
    let mean = self.mean
    return sums.dropFirst().reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
  }

  /// What a test needs of it.
  var summary: ShiftSummary { ShiftSummary(draws: draws, value: value, mean: mean, variance: variance, weight: weight) }
}

/// A stratum without its sums: the same test from five numbers.
struct ShiftSummary: Sendable {
  /// Draws of the null.
  var draws: Int
  /// What was found in place.
  var value: Double
  /// Mean of the draws.
  var mean: Double
  /// Variance of a draw.
  var variance: Double
  /// Σ of the weights of the matrices.
  var weight: Double
}
