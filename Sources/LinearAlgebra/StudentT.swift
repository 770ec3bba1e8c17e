import RealModule

/// Student's t distribution, for values so extreme that their probability is below every `Double`.
///
/// ```swift
/// StudentT.log10UpperTail(t: 60, degreesOfFreedom: 400)  // −201.9…
/// StudentT.log10NormalUpperTail(60)                      // −784.03…
/// ```
///
/// P(T > t) is the density at t times ∫₀^∞ density(t + s) / density(t) ds; the ratio neither overflows nor cancels, and
/// the integral is computed by the exp-sinh rule. The logarithm of the density is kept separate, so nothing underflows.
///
/// Source: Takahasi and Mori, Double exponential formulas for numerical integration (1974).
package enum StudentT {
  /// log10 P(T > t), for `degreesOfFreedom` above 0; infinity is the normal distribution.
  ///
  /// Relative error of the probability below 1e-10 while log10 is above −10⁵ and there are 0.2 degrees or more. −∞ for
  /// t = +∞, 0 for −∞, NaN for a NaN. Some two hundred exponentials.
  package static func log10UpperTail(t: Double, degreesOfFreedom: Double) -> Double {
    guard !t.isNaN, !degreesOfFreedom.isNaN else { return .nan }
    precondition(degreesOfFreedom > 0, "degrees of freedom are above 0")
    if t < 0 { return .log(onePlus: -.exp(logUpperTail(-t, degreesOfFreedom))) / .log(10) }
    return logUpperTail(t, degreesOfFreedom) / .log(10)
  }

  /// log10 P(Z > z) of the standard normal distribution.
  package static func log10NormalUpperTail(_ z: Double) -> Double {
    log10UpperTail(t: z, degreesOfFreedom: .infinity)
  }

  /// ln P(T > t) for t ≥ 0.
  private static func logUpperTail(_ t: Double, _ freedom: Double) -> Double {
    guard t.isFinite else { return -.infinity }
    guard freedom.isFinite else {
      return -0.5 * .log(2 * .pi) - 0.5 * t * t + .log(integral(scale: 1 / (t + 1)) { s in t * s + 0.5 * s * s })
    }
    // Long before t² overflows the tail is a power law (unless there are more degrees of freedom than any data has).
    let furthest = 1e70
    guard t <= furthest else { return logUpperTail(furthest, freedom) - freedom * (.log(t) - .log(furthest)) }
    let power = 0.5 * (freedom + 1)
    let spread = freedom + t * t
    let density = logGammaRatio(0.5 * freedom) - 0.5 * .log(.pi * freedom) - power * .log(onePlus: t * t / freedom)
    let scale = spread / ((freedom + 1) * t + spread.squareRoot())
    let tail = integral(scale: scale) { s in
      // s² may overflow where only its logarithm matters.
      s > 1e150 ? power * (2 * .log(s) - .log(spread)) : power * .log(onePlus: s * (2 * t + s) / spread)
    }
    return density + .log(tail)
  }

  /// Nodes and weights of the exp-sinh rule on a length of 1: s = exp(π/2·sinh u), for u from 0 to 6 and from just below 0 to −6.
  /// The rest is below 1e-100 of the sum for all but the heaviest tails.
  private static let nodes: [[(place: Double, weight: Double)]] = {
    let step = 1.0 / 64
    let node = { (i: Int) -> (place: Double, weight: Double) in
      let u = Double(i) * step
      let place = Double.exp(0.5 * .pi * .sinh(u))
      return (place, place * .cosh(u) * step * 0.5 * .pi)
    }
    return [(0...6 * 64).map(node), (1...6 * 64).map { node(-$0) }]
  }()

  /// ∫₀^∞ exp(−decay(s)) ds for a decay that grows from 0 over a length of the order of `scale`.
  private static func integral(scale: Double, _ decay: (Double) -> Double) -> Double {
    var sum = 0.0
    for side in nodes {
      var largest = 0.0
      for node in side {
        let s = scale * node.place
        guard s > 0, s.isFinite else { break }
        let term = node.weight * .exp(-decay(s))
        sum += term
        largest = max(largest, term)
        // Terms rise to one peak and then fall; two hundred terms below this limit are less than the last bit.
        if term < largest, term < sum * 0x1p-64 { break }
      }
    }
    return sum * scale
  }

  /// ln(Γ(a + ½) / Γ(a)), without cancellation between two logarithms.
  private static func logGammaRatio(_ a: Double) -> Double {
    // Up to a ≥ 20 by the recurrence, where the asymptotic series has full precision.
    var (x, ratio) = (a, 1.0)
    while x < 20 {
      ratio *= x / (x + 0.5)
      x += 1
    }
    let r = 1 / x
    let rr = r * r
    return .log(ratio) + 0.5 * .log(x) - r * (1.0 / 8 - rr * (1.0 / 192 - rr * (1.0 / 640 - rr * (17.0 / 14_336))))
  }
}
