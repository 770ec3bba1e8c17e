import LinearAlgebra
import RealModule

/// Agreements of units that do not correspond, for one selection and pair of descriptions: what chance and the kinds of neurons give.
package struct OtherAgreement: Sendable, Equatable {
  /// How the neurons were chosen.
  package let selection: TableSelection
  /// The two descriptions.
  package let pair: TablePair
  /// The number of neurons that agree.
  package var agreements: Int
  /// The number of neurons held out.
  package var trials: Int

  /// The share that agrees.
  package var share: Double { Double(agreements) / Double(max(trials, 1)) }

  /// The sums of these agreements for each selection and pair.
  static func all(_ found: [HeldOutAgreement]) -> [OtherAgreement] {
    TableSelection.allCases.flatMap { selection in
      TablePair.allCases.compactMap { pair in
        let own = found.filter { $0.selection == selection && $0.pair == pair }
        return own.isEmpty
          ? nil
          : OtherAgreement(
            selection: selection, pair: pair, agreements: own.reduce(0) { $0 + $1.agreements },
            trials: own.reduce(0) { $0 + $1.trials })
      }
    }
  }
}

extension HeldOutAgreement {
  /// log10 of the p-value of this agreement alone: the larger one of the bounds by labels and by other layers, at most 0.
  func log10P(_ other: [OtherAgreement]) -> Double {
    var chance = 1 / Double(max(trials, 1))
    if let other = other.first(where: { $0.selection == selection && $0.pair == pair }) {
      chance = max(chance, Binomial.highestChance(successes: other.agreements, trials: other.trials, doubt: 0.001))
    }
    return max(log10Permutation, Binomial(trials: trials, chance: chance).log10UpperTail(agreements))
  }
}
