import LinearAlgebra
import RealModule

/// The evidence from an agreement of neurons.
///
/// ```swift
/// match.evidence.log10P        // −2000 for related models, −0.1 for unrelated ones
/// match.evidence.permutationP  // 0.001 at least; uniform for unrelated models
/// ```
///
/// - `permutationP`: compares the agreement of the unseen neurons with their agreement when their rows of up and down are
///   assigned to each other's gates in 999 random orders. If two models are unrelated, and nothing else ties a layer's gates to
///   its ups and downs, the true order is one of a thousand. This is exact for any size of the models and any distribution of
///   their rows, because the basis, the origins of layers and all partners were found without the labels of the unseen neurons.
///   In each order the largest count of all bases tried is taken (Westfall and Young), so tries cost nothing. Orders with as many
///   agreements as the true one count against it. Only the first half is used: the basis of the second half was fitted on the
///   neurons that this test permutes.
/// - `log10P`: the larger of two bounds. *Labels*: up and down agree on c of a unit's n neurons, and T is the number of those on
///   which gate agrees too. Under the same permutations E C(T, s) = C(c, s)·(n − s)!/n! ≤ 1/s!, so that over U units P(T ≥ t) ≤
///   exp(t − U)·(U / t)^t for all n and c. *Null draws*: neurons of trained models have kinds (a row along the mean, an outlier
///   channel), which makes agreement likelier than labels do. So the chance that a neuron agrees is taken from the pair of
///   models: from the draw of the null distribution with most agreement, the upper end of its 99.9 % confidence interval, and at
///   least 1 / neurons of the smallest unit. The bound is P(X ≥ t) of a binomial. The result is twice the smaller value of both
///   halves, times the bases tried.
///
/// Draws of the null distribution: the candidate's layers against layers that are not their origins, in the basis found and in
/// bases fitted to those layers; and the true layers in random bases.
package struct BasisEvidence: Sendable, Equatable {
  /// One draw of the null distribution.
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
    /// The seed of the random numbers, or the shift of the layers.
    package var seed: UInt64
    /// The number of neurons that agreed.
    package var agreements: Int
    /// The number of neurons compared.
    package var trials: Int

    /// The share of neurons that agreed.
    package var share: Double { trials > 0 ? Double(agreements) / Double(trials) : 0 }
  }

  /// Neurons that a basis was not fitted on.
  package struct Half: Sendable, Equatable {
    /// The number of neurons that agree.
    package var agreements: Int
    /// The number of neurons.
    package var trials: Int
  }

  /// Each half of the candidate's neurons, counted in the basis of the other.
  package var halves: [Half]
  /// Draws of the null distribution, for the first half.
  package var draws: [Draw]
  /// The number of neurons of the smallest unit of both models.
  package var smallestUnit: Int
  /// The number of units (layers or experts) of the candidate.
  package var units: Int
  /// The number of bases tried.
  package var tries: Int
  /// The numbers of neurons of the first half that agree: in the true order of their labels, then in random orders.
  package var permuted: [Int]

  /// The share of orders, including the true one, in which at least as many neurons agree.
  package var permutationP: Double {
    guard let stored = permuted.first else { return 1 }
    return Double(permuted.count { $0 >= stored }) / Double(permuted.count)
  }

  /// The share of unseen neurons that agree.
  package var share: Double {
    let trials = halves.reduce(0) { $0 + $1.trials }
    return trials > 0 ? Double(halves.reduce(0) { $0 + $1.agreements }) / Double(trials) : 0
  }
  /// Mean of the shares in the null distribution.
  package var nullMean: Double { draws.isEmpty ? 0 : draws.reduce(0) { $0 + $1.share } / Double(draws.count) }
  /// Standard deviation of the shares in the null distribution.
  package var nullSD: Double {
    guard draws.count > 1 else { return 0 }
    let mean = nullMean
    return (draws.reduce(0) { $0 + ($1.share - mean) * ($1.share - mean) } / Double(draws.count - 1)).squareRoot()
  }

  /// An upper bound on the probability that a neuron agrees by chance.
  package var chance: Double {
    draws.reduce(1 / Double(max(smallestUnit, 1))) {
      max($0, Binomial.highestChance(successes: $1.agreements, trials: $1.trials, doubt: 0.001))
    }
  }

  /// log10 of the probability of so much agreement by chance, at most 0.
  package var log10P: Double { log10P { $0.agreements } }

  /// The value of `log10P` if a share of the neurons agreed: it shows whether there are enough neurons for the test.
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
