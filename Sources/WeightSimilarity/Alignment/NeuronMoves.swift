import LinearAlgebra
import RealModule

/// What was done to the neurons of a candidate that are the foundation's: their order, their signs, the scales of their rows.
public struct NeuronMoves: Sendable, Equatable {
  /// Neurons that agree.
  public let matched: Int
  /// Of those, the ones that stand out of order: what has to be taken away for the rest to ascend.
  public let moved: Int
  /// Of those, the ones whose up and down both point the other way.
  public let turned: Int
  /// Whether up gave to down, or down to up.
  public let trade: ScaleTrade
  /// log10 of the probability that so many are moved because an agreement was chance.
  public let log10Moved: Double
  /// Likewise, turned.
  public let log10Turned: Double

  /// True when neurons were put in another order.
  public var arePermuted: Bool { log10Moved <= ScaleTrade.log10Significance }
  /// True when signs went from up to down.
  public var haveTurnedSigns: Bool { log10Turned <= ScaleTrade.log10Significance }

  /// What a match says. O(neurons · log neurons).
  init(_ match: BasisMatch) {
    var (matched, moved, turned) = (0, 0, 0)
    var trade = ScaleTrade()
    for unit in match.units where unit.origin != nil {
      let order = unit.neurons.sorted { $0.candidate < $1.candidate }.map(\.foundation)
      matched += order.count
      moved += order.count - Self.longestAscent(order)
      turned += unit.neurons.count { $0.sign < 0 }
      for neuron in unit.neurons {
        if let up = neuron.upRatio, let down = neuron.downRatio { trade.add(.log(up), .log(down)) }
      }
    }
    self.matched = matched
    self.moved = moved
    self.turned = turned
    self.trade = trade
    // An agreement by chance has its partner anywhere, and either sign.
    let chance = Binomial(trials: matched, chance: match.evidence.chance)
    log10Moved = chance.log10UpperTail(moved)
    log10Turned = chance.log10UpperTail(turned)
  }

  /// The length of the longest ascending part of a row of different numbers, by patience sorting.
  static func longestAscent(_ numbers: [Int]) -> Int {
    var tops: [Int] = []
    for number in numbers {
      var (low, high) = (0, tops.count)
      while low < high {
        let middle = (low + high) / 2
        if tops[middle] < number { low = middle + 1 } else { high = middle }
      }
      if low == tops.count { tops.append(number) } else { tops[low] = number }
    }
    return tops.count
  }
}
