import LinearAlgebra
import RealModule

/// The exact distribution of the number of heads on which two independent choices agree.
///
/// ```swift
/// AgreementLaw.fixedPoints(common: 4, of: 4).chances   // 9/24, 8/24, 6/24, 0, 1/24
/// ```
///
/// Chances below 1e-300 count as zero, so a tail is at least that.
struct AgreementLaw: Sendable, Equatable {
  /// The chance of 0, 1, 2, … agreements.
  var chances: [Double] = [1]

  /// The smallest logarithm of a chance that is reported.
  static let log10Least = -300.0

  /// The agreements when `size` labels are put in a random order, and `common` of the places have a label that fits them.
  ///
  /// P(k) = C(c, k)·Σⱼ (−1)ʲ·C(c − k, j)·(n − k − j)! / n!. The sum starts at 1 and falls like 1/j!, so little cancels. O(common²).
  static func fixedPoints(common: Int, of size: Int) -> AgreementLaw {
    precondition(common >= 0 && common <= size, "\(common) of \(size) places")
    return AgreementLaw(
      chances: (0...common).map { k in
        var (sum, term) = (1.0, 1.0)
        for j in 0..<common - k {
          term *= -Double(common - k - j) / Double(j + 1) / Double(size - k - j)
          sum += term
        }
        let first =
          Binomial.logChoose(common, k) + Binomial.logFactorial(size - k) - Binomial.logFactorial(size)
        return max(0, sum) * .exp(first)
      })
  }

  /// The law of the sum of two independent numbers. O(product of the lengths).
  func plus(_ other: AgreementLaw) -> AgreementLaw {
    var sums = [Double](repeating: 0, count: chances.count + other.chances.count - 1)
    for (i, x) in chances.enumerated() where x > 0 {
      for (j, y) in other.chances.enumerated() { sums[i + j] += x * y }
    }
    return AgreementLaw(chances: sums)
  }

  /// log10 of the chance of at least so many agreements.
  func log10Tail(_ agreements: Int) -> Double {
    guard agreements > 0 else { return 0 }
    // From the smallest term on, so that the small ones count.
    let tail = chances.dropFirst(agreements).reversed().reduce(0, +)
    return tail > 0 ? max(Self.log10Least, min(0, Double.log10(tail))) : Self.log10Least
  }

  /// The mean number of agreements.
  var mean: Double { chances.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } }
  /// The variance of the number of agreements.
  var variance: Double {
    let mean = mean
    return chances.enumerated().reduce(0) { $0 + (Double($1.offset) - mean) * (Double($1.offset) - mean) * $1.element }
  }
}
