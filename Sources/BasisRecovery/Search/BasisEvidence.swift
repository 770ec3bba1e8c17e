import LinearAlgebra
import RealModule

/// How much an agreement of neurons proves.
///
/// ```swift
/// match.evidence.log10P        // −2000 for related models, −0.1 for unrelated ones
/// match.evidence.permutationP  // 0.001 at least; uniform between strangers
/// ```
///
/// - `permutationP`: the agreement of the unseen neurons against what it is when their rows of up and down are given to each
///   other's gates in 999 random orders. If two models have nothing to do with each other, and a layer's gates nothing
///   with its ups and downs beyond that, the true order is one of a thousand. That is exact at any size of the models and for any
///   distribution of their rows, because the basis, the origins of layers and all partners were found without the unseen
///   neurons' labels. In each order the largest count of all bases tried is taken (Westfall and Young), so tries cost
///   nothing. Orders with as many agreements as the true one count against it. It is of the first half alone: the second half's basis
///   was fitted on what this one permutes.
/// - `log10P`: two bounds, of which the larger holds. *Labels*: under the same permutations, c of a unit's n neurons on which up and
///   down agree have E C(T, s) = C(c, s)·(n − s)!/n! ≤ 1/s! for the number T on which gate does too, so that over U units
///   P(T ≥ t) ≤ exp(t − U)·(U / t)^t whatever n and c are. *Null draws*: neurons of trained models have kinds (a row along the
///   mean, an outlier channel), which makes agreement likelier than labels do. So the chance that a neuron agrees is taken from
///   the pair itself: from the draw of the null with most agreement, the upper end of its 99.9 % confidence interval, and never below
///   1 / neurons of the smallest unit; then P(X ≥ t) of a binomial. Taken is twice the smaller of both halves, times the bases tried.
///
/// Draws of the null: the candidate's layers against layers that are not theirs, in the basis found and in bases fitted to those; and
/// the true layers in random bases.
package struct BasisEvidence: Sendable, Equatable {
  /// One draw of the null.
  package struct Draw: Sendable, Equatable {
    /// How it was made.
    package enum Kind: String, Sendable {
      /// Layers that are not the origins, in the basis that was found.
      case otherLayers
      /// Layers that are not the origins, in a basis fitted to them.
      case refitted
      /// The origins in a random basis.
      case randomBasis
    }
    /// How it was made.
    package var kind: Kind
    /// What the random numbers, or the layers' shift, came from.
    package var seed: UInt64
    /// Neurons that agreed.
    package var agreements: Int
    /// Neurons that could have.
    package var trials: Int

    /// The share that agreed.
    package var share: Double { trials > 0 ? Double(agreements) / Double(trials) : 0 }
  }

  /// Neurons that a basis was not fitted on.
  package struct Half: Sendable, Equatable {
    /// How many of them agree.
    package var agreements: Int
    /// How many there are.
    package var trials: Int
  }

  /// Each half of the candidate's neurons, counted in the basis of the other.
  package var halves: [Half]
  /// Draws of the null, of the first half.
  package var draws: [Draw]
  /// Neurons of the candidate's smallest layer that has an origin, and of the foundation's.
  package var smallestUnit: Int
  /// Units (layers or experts) of the candidate.
  package var units: Int
  /// Bases that were tried.
  package var tries: Int
  /// Neurons of the first half that agree: in the true order of their labels, then in random ones.
  package var permuted: [Int]

  /// The share of orders, the true one among them, in which as many neurons agree.
  package var permutationP: Double {
    guard let stored = permuted.first else { return 1 }
    return Double(permuted.count { $0 >= stored }) / Double(permuted.count)
  }

  /// The share of unseen neurons that agree.
  package var share: Double {
    let trials = halves.reduce(0) { $0 + $1.trials }
    return trials > 0 ? Double(halves.reduce(0) { $0 + $1.agreements }) / Double(trials) : 0
  }
  /// Mean of the null's shares.
  package var nullMean: Double { draws.isEmpty ? 0 : draws.reduce(0) { $0 + $1.share } / Double(draws.count) }
  /// Standard deviation of the null's shares.
  package var nullSD: Double {
    guard draws.count > 1 else { return 0 }
    let mean = nullMean
    return (draws.reduce(0) { $0 + ($1.share - mean) * ($1.share - mean) } / Double(draws.count - 1)).squareRoot()
  }

  /// The chance that a neuron agrees with nothing but chance: an upper bound.
  package var chance: Double {
    draws.reduce(1 / Double(max(smallestUnit, 1))) {
      max($0, Binomial.highestChance(successes: $1.agreements, trials: $1.trials, doubt: 0.001))
    }
  }

  /// log10 of the probability of so much agreement by chance, at most 0.
  package var log10P: Double { log10P { $0.agreements } }

  /// What `log10P` would be if a share of the neurons agreed: whether there are enough of them for the test to see it.
  package func log10P(ifShare share: Double) -> Double { log10P { Int(share * Double($0.trials)) } }

  private func log10P(_ agreements: (Half) -> Int) -> Double {
    let chance = self.chance
    let best = halves.map { half in
      let count = agreements(half)
      return max(
        Self.log10LabelBound(agreements: count, units: units),
        Binomial(trials: half.trials, chance: chance).log10UpperTail(count))
    }.min()
    guard let best else { return 0 }
    return min(0, best + Double.log10(Double(halves.count * max(tries, 1))))
  }

  /// log10 of the bound by labels.
  static func log10LabelBound(agreements: Int, units: Int) -> Double {
    let (t, u) = (Double(agreements), Double(units))
    guard t > u else { return 0 }
    return ((t - u) - t * .log(t / u)) / .log(10)
  }
}
