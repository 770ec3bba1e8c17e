import LinearAlgebra

/// Whether scales went from one matrix to another that undoes them: from up to down, from values to outputs, from a gain to its readers.
///
/// ```swift
/// var trade = ScaleTrade()
/// trade.add(log(2), -log(2))     // one grew to twice its length, the other shrank to half
/// trade.isFound                  // after a dozen of those
/// ```
///
/// Of each neuron, head or channel it takes the logarithms x and y of the growth of the two lengths. A trade has x + y = 0. Training changes
/// both lengths without such a law: then x + y is near zero as often as x − y is. Of x + y and x − y, one has to be at least `leastLog` and the
/// other less than a tenth of it for a pair to count. Two tests: a sign test, since without a trade both kinds are equally likely; and of
/// the pairs that changed, if all directions of the plane are equally likely, 2·atan(0.1)/π = 6 % are of the kind of a trade. The second test
/// allows a quarter: it needs six pairs where the first needs eleven.
package struct ScaleTrade: Sendable, Equatable {
  /// A change of each length by less than a tenth is not reported: 2·ln 1.1.
  static let leastLog = 0.19
  /// log10 of the probability at which a trade is reported, of models that are known to be related: one error in a thousand.
  static let log10Significance = -3.0

  /// Pairs of lengths that undo each other.
  package private(set) var traded = 0
  /// Pairs whose change is large enough to tell its kind.
  package private(set) var changed = 0
  /// Pairs that changed alike.
  package private(set) var alike = 0
  /// All pairs.
  package private(set) var count = 0

  /// Adds a pair: natural logarithms of candidate's over foundation's length in the first matrix and in the second.
  mutating func add(_ x: Double, _ y: Double) {
    guard x.isFinite, y.isFinite else { return }
    count += 1
    let (apart, together) = (abs(x - y), abs(x + y))
    if max(apart, together) >= Self.leastLog { changed += 1 }
    if apart >= Self.leastLog, together * 10 < apart { traded += 1 }
    if together >= Self.leastLog, apart * 10 < together { alike += 1 }
  }

  /// Whether there are more trades than chance gives, and at least one in a hundred pairs.
  package var isFound: Bool {
    guard traded * 100 >= count else { return false }
    let tails = [
      Binomial(trials: traded + alike, chance: 0.5).log10UpperTail(traded),
      Binomial(trials: changed, chance: 0.25).log10UpperTail(traded),
    ]
    return traded > alike && (tails.min() ?? 0) + Binomial.log10(tails.count) <= Self.log10Significance
  }
}
