import LinearAlgebra
import RealModule

/// How the neurons that a candidate shares with its foundation were changed: their order, their signs, the scales of their rows.
package struct NeuronMoves: Sendable, Equatable {
  /// The number of neurons that agree.
  package let matched: Int
  /// The smallest number of matched neurons to remove so that the others are in the foundation's order.
  package let moved: Int
  /// The number of matched neurons whose up and down both have the opposite sign.
  package let turned: Int
  /// Whether scales were traded between up and down.
  package let trade: ScaleTrade
  /// log10 of the probability that so many neurons are moved if their agreement is chance.
  package let log10Moved: Double
  /// log10 of the probability that so many neurons have the opposite sign if their agreement is chance.
  package let log10Turned: Double

  /// True when neurons were put in another order.
  package var arePermuted: Bool { log10Moved <= ScaleTrade.log10Significance }
  /// True when signs were traded between up and down.
  package var haveTurnedSigns: Bool { log10Turned <= ScaleTrade.log10Significance }

  /// The changes that a match shows. O(neurons · log neurons).
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
    // A neuron that agrees by chance has a partner at any index, and either sign.
    let chance = Binomial(trials: matched, chance: match.evidence.chance)
    log10Moved = chance.log10UpperTail(moved)
    log10Turned = chance.log10UpperTail(turned)
  }

  /// The length of the longest ascending subsequence of different numbers, by patience sorting.
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
