/// How many numbers there are, their extremes, and their mean and central moments, in a form that can be merged.
///
/// ```swift
/// var moments = Moments(of: bytes, as: .bf16, from: 0, count: 1_000_000)
/// moments.merge(Moments(of: bytes, as: .bf16, from: 1_000_000, count: 500_000))
/// moments.standardDeviation  // 0.0213…, or nil when no number is finite
/// ```
///
/// NaN and infinities are counted and left out of everything else. Undefined values are nil: without a finite number, and when
/// a sum of powers has left the range of `Double` (values beyond about 10⁷⁵ for the fourth moment). Merging in a fixed
/// order gives the same bits.
///
/// Source: Pébay, Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
/// moments (2008), equations 2.1 for two sets.
package struct Moments: Sendable, Equatable {
  /// Numbers seen.
  package private(set) var count = 0
  /// Numbers that are neither NaN nor infinite: the moments are computed from these.
  package private(set) var finite = 0
  /// Numbers equal to zero, of either sign.
  package private(set) var zeros = 0
  /// Numbers that are NaN.
  package private(set) var nan = 0
  /// Infinities of either sign.
  package private(set) var infinite = 0

  private var centre = 0.0
  /// Σ(x − mean)ᵏ for k = 2, 3, 4.
  private var second = 0.0
  private var third = 0.0
  private var fourth = 0.0
  private var least = Double.infinity
  private var most = -Double.infinity

  /// The moments of no numbers.
  package init() {}

  init(
    count: Int, finite: Int, zeros: Int, nan: Int, infinite: Int, mean: Double, central: (Double, Double, Double),
    extremes: (Double, Double)
  ) {
    self.count = count
    self.finite = finite
    self.zeros = zeros
    self.nan = nan
    self.infinite = infinite
    centre = mean
    (second, third, fourth) = central
    (least, most) = extremes
  }

  /// Takes in the numbers of `other`.
  package mutating func merge(_ other: Moments) {
    count += other.count
    zeros += other.zeros
    nan += other.nan
    infinite += other.infinite
    guard other.finite > 0 else { return }
    least = min(least, other.least)
    most = max(most, other.most)
    let (n, m) = (Double(finite), Double(other.finite))
    finite += other.finite
    let total = n + m
    let (p, q) = (n / total, m / total)
    let delta = other.centre - centre
    let square = delta * delta
    // Highest first, because each moment uses the old values of the lower ones.
    fourth +=
      other.fourth + square * square * n * q * (p * p - p * q + q * q) + 6 * square * (p * p * other.second + q * q * second)
      + 4 * delta * (p * other.third - q * third)
    third += other.third + square * delta * n * q * (p - q) + 3 * delta * (p * other.second - q * second)
    second += other.second + square * n * q
    centre += delta * q
  }

  /// Mean of the finite numbers.
  package var mean: Double? { defined(centre) }
  /// The smallest finite number.
  package var minimum: Double? { defined(least) }
  /// The largest finite number.
  package var maximum: Double? { defined(most) }
  /// Mean squared distance from the mean (of the population: divided by n).
  package var variance: Double? { defined(second / Double(finite)) }
  /// The root of ``variance``.
  package var standardDeviation: Double? { variance.map { $0.squareRoot() } }
  /// Root mean square.
  package var rms: Double? { defined((centre * centre + second / Double(finite)).squareRoot()) }

  /// The fourth standardised moment less 3: 0 for a normal distribution. Nil for a constant.
  package var excessKurtosis: Double? {
    guard second > 0 else { return nil }
    let variance = second / Double(finite)
    return defined(fourth / Double(finite) / variance / variance - 3)
  }

  private func defined(_ value: Double) -> Double? { finite > 0 && value.isFinite ? value : nil }
}
