/// Matrices whose rows are shifted together, and the sums of their mean cosines for every shift.
package struct ShiftStratum: Sendable {
  /// Σ over matrices of weight · T_s, for s = 0 (in place), 1, 2, ….
  private(set) var sums: [Double]
  /// Σ of the weights.
  package private(set) var weight = 0.0

  package init(shifts: Int) { sums = Array(repeating: 0, count: shifts) }

  /// Adds a matrix with this weight.
  package mutating func add(_ cosines: ShiftedCosines, weight: Double) {
    for s in sums.indices { sums[s] += weight * cosines.values[s] }
    self.weight += weight
  }

  /// Number of draws of the null distribution: every shift except 0.
  var draws: Int { sums.count - 1 }
  var value: Double { sums[0] }
  var mean: Double { sums.dropFirst().reduce(0, +) / Double(draws) }
  /// Variance of a draw.
  var variance: Double {
    let mean = self.mean
    return sums.dropFirst().reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
  }

  /// The five numbers from which the test is made.
  package var summary: ShiftSummary { ShiftSummary(draws: draws, value: value, mean: mean, variance: variance, weight: weight) }
}

/// A stratum without its sums: five numbers that give the same test.
package struct ShiftSummary: Sendable {
  /// Draws of the null distribution.
  var draws: Int
  /// The weighted sum of the mean cosines of rows in place.
  var value: Double
  /// Mean of the draws.
  var mean: Double
  /// Variance of a draw.
  var variance: Double
  /// Σ of the weights of the matrices.
  var weight: Double

  /// The same with `factor` times the variance, for strata that are not independent of each other.
  func widened(by factor: Double) -> ShiftSummary {
    var summary = self
    summary.variance *= factor
    return summary
  }
}
