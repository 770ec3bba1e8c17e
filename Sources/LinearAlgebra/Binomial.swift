import RealModule

/// The binomial distribution, for tails far below every `Double`.
///
/// ```swift
/// let coins = Binomial(trials: 1_000, chance: 0.001)
/// coins.log10UpperTail(500)                                // −1201.4…: at least 500 successes
/// Binomial.highestChance(successes: 0, trials: 1_000, doubt: 0.001)   // 0.0069…
/// ```
///
/// A tail is its largest term, from logarithms of factorials, times a sum of ratios; nothing underflows or cancels.
/// Relative error of a probability below 1e-9 for up to 10⁶ trials. O(terms that matter).
package struct Binomial: Sendable {
  /// Number of trials.
  package let trials: Int
  /// Chance of success in each.
  package let chance: Double

  /// The distribution of the number of successes in `trials` independent trials.
  package init(trials: Int, chance: Double) {
    precondition(trials >= 0 && chance >= 0 && chance <= 1, "a number of trials and a probability")
    self.trials = trials
    self.chance = chance
  }

  /// log10 P(X ≥ `successes`); 0 for no successes, −∞ if impossible.
  package func log10UpperTail(_ successes: Int) -> Double { min(0, logUpperTail(successes) / .log(10)) }

  private func logUpperTail(_ successes: Int) -> Double {
    guard successes > 0 else { return 0 }
    guard successes <= trials, chance > 0 else { return -.infinity }
    guard chance < 1 else { return 0 }
    // Terms fall from the mode on. From an index below the mode, the sum is as long as the tail, but all terms are still
    // positive.
    let mode = max(successes, min(trials, Int(Double(trials + 1) * chance)))
    let odds = chance / (1 - chance)
    var (sum, term) = (1.0, 1.0)
    for k in mode..<trials {
      term *= Double(trials - k) / Double(k + 1) * odds
      sum += term
      if term < sum * 0x1p-60 { break }
    }
    term = 1
    for k in stride(from: mode, to: successes, by: -1) {
      term *= Double(k) / Double(trials - k + 1) / odds
      sum += term
      if term < sum * 0x1p-60 { break }
    }
    return Self.logChoose(trials, mode) + Double(mode) * .log(chance) + Double(trials - mode) * .log(onePlus: -chance)
      + .log(sum)
  }

  /// The highest chance at which at most `successes` successes are not less likely than `doubt`: the upper limit of Clopper and
  /// Pearson. 1 when all trials succeeded, or there were none.
  package static func highestChance(successes: Int, trials: Int, doubt: Double) -> Double {
    precondition(successes >= 0 && successes <= trials && doubt > 0 && doubt < 1, "successes among trials, and a probability")
    guard successes < trials else { return 1 }
    // P(X ≤ k) equals P(Y ≥ n − k) for the failures Y; it falls as the chance rises.
    var (low, high) = (Double(successes) / Double(trials), 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let tail = Binomial(trials: trials, chance: 1 - middle).logUpperTail(trials - successes)
      if tail > .log(doubt) { low = middle } else { high = middle }
    }
    return high
  }

  /// log10 of a count, to be added to the logarithm of a probability that is tried `count` times. −∞ for 0.
  package static func log10(_ count: Int) -> Double { .log(Double(count)) / .log(10) }

  /// ln(n over k).
  package static func logChoose(_ n: Int, _ k: Int) -> Double {
    logFactorial(n) - logFactorial(k) - logFactorial(n - k)
  }

  /// ln(n!), absolute error below 1e-14·n·ln n.
  ///
  /// Stirling's series from n = 16 on, where its fourth term is below 1e-12.
  package static func logFactorial(_ n: Int) -> Double {
    precondition(n >= 0, "there is no factorial of \(n)")
    guard n >= 16 else { return .log((1...16).prefix(n).reduce(1.0) { $0 * Double($1) }) }
    let x = Double(n)
    let r = 1 / x
    let series = r * (1.0 / 12 - r * r * (1.0 / 360 - r * r * (1.0 / 1260 - r * r / 1680)))
    return x * .log(x) - x + 0.5 * .log(2 * .pi * x) + series
  }
}
