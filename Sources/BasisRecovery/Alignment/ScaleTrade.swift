import LinearAlgebra

/// Whether scales moved from one matrix to another that cancels them: from up to down, from values to outputs, from a gain to its
/// readers.
///
/// ```swift
/// var trade = ScaleTrade()
/// trade.add(log(2), -log(2))     // one grew to twice its length, the other shrank to half
/// trade.isFound                  // after a dozen of those
/// ```
///
/// For each neuron, head or channel it takes the logarithms x and y of the growth of the two lengths. A trade has x + y = 0.
/// Training changes both lengths without such a law: then x + y is near zero as often as x − y. A pair counts if one of x + y and
/// x − y is at least `leastLog` and the other is less than a tenth of it. There are two tests. The first is a sign test: without
/// a trade both kinds are equally likely. The second counts trades among the pairs that changed: if all directions of the plane
/// are equally likely, 2·atan(0.1)/π = 6 % are of the kind of a trade. The second test allows a quarter: it needs six pairs, and
/// the first needs eleven.
package struct ScaleTrade: Sendable, Equatable {
  /// A change of each length by less than a tenth is not reported: 2·ln 1.1.
  static let leastLog = 0.19
  /// The least change of one length of a trade: x is half of (x − y) + (x + y), and |x + y| less than a tenth of |x − y|.
  static let leastGrowth = 0.45 * leastLog
  /// log10 of the probability at which a trade is reported, for models that are known to be related: one error in a thousand.
  static let log10Significance = -3.0

  /// The number of pairs whose changes cancel.
  package private(set) var traded = 0
  /// The number of pairs whose change is large enough to determine its kind.
  package private(set) var changed = 0
  /// The number of pairs that changed by the same factor.
  package private(set) var alike = 0
  /// The number of all pairs.
  package private(set) var count = 0

  /// Adds a pair: natural logarithms of the candidate's length divided by the foundation's, in the first matrix and in the
  /// second.
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
