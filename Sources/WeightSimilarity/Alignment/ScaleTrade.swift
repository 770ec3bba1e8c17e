import LinearAlgebra

/// Whether scales went from one matrix to another that undoes them: from up to down, from values to outputs, from a gain to its readers.
///
/// ```swift
/// var trade = ScaleTrade()
/// trade.add(log(2), -log(2))     // one grew to twice its length, the other shrank to half
/// trade.isFound                  // after a dozen of those
/// ```
///
/// Of each neuron, head or channel it takes the logarithms x and y of what the two lengths grew by. A trade has x + y = 0. Training changes
/// both without such a law: then x + y is as often near zero as x − y is. Counted are places where one of the two is at least
/// `leastLog` and the other less than a tenth of it. Two tests: without a trade both kinds are equally likely, which a sign test
/// refutes; and of the places that changed, in any direction of the plane alike, 2·atan(0.1)/π = 6 % are of the kind of a trade, for which a
/// quarter is allowed: that needs six places instead of eleven.
public struct ScaleTrade: Sendable, Equatable {
  /// A change by less than a tenth, up and down, is no trade worth a word: 2·ln 1.1.
  static let leastLog = 0.19
  /// log10 of the sign test's probability at which a trade is said, once models are known to be kin.
  static let log10Significance = -3.0

  /// Places where the lengths undo each other.
  public private(set) var traded = 0
  /// Places where either kind of change is large enough to tell.
  public private(set) var changed = 0
  /// Places where they changed alike.
  public private(set) var alike = 0
  /// All places.
  public private(set) var count = 0

  /// Adds a place: natural logarithms of candidate's over foundation's length in the first matrix and in the second.
  mutating func add(_ x: Double, _ y: Double) {
    guard x.isFinite, y.isFinite else { return }
    count += 1
    let (apart, together) = (abs(x - y), abs(x + y))
    if max(apart, together) >= Self.leastLog { changed += 1 }
    if apart >= Self.leastLog, together * 10 < apart { traded += 1 }
    if together >= Self.leastLog, apart * 10 < together { alike += 1 }
  }

  /// Whether there are more trades than chance gives, and at least one place in a hundred.
  public var isFound: Bool {
    guard traded * 100 >= count else { return false }
    let tails = [
      Binomial(trials: traded + alike, chance: 0.5).log10UpperTail(traded),
      Binomial(trials: changed, chance: 0.25).log10UpperTail(traded),
    ]
    return traded > alike && (tails.min() ?? 0) + Binomial.log10(tails.count) <= Self.log10Significance
  }
}
