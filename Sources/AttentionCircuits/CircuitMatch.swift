import LinearAlgebra
import RealModule

/// How many of the candidate's attention heads are the foundation's, in any order and any basis.
///
/// ```swift
/// let match = CircuitMatch(candidate, foundation, tries: 1)
/// match.share       // 1 for a copy behind any rewrite, about 0.01 for unrelated models
/// match.log10P      // −41
/// ```
///
/// Each unseen head of the candidate is described twice, by two tables without a common entry, and agrees if both descriptions name
/// the same head of the foundation, and that head names it. If the models are unrelated, the partner that the output–value circuit
/// names says nothing about the one that the query–key circuit names. `log10P` is the largest of three:
///
/// - *dealt out inside layers*: exact. Query–key circuits are assigned to the heads of their own layer in a random order, groups
///   with shared values as wholes. Layers, and what heads of a depth have in common, are kept.
/// - *dealt out among layers*: a bound on the same for all heads together.
/// - *kinds of heads*: heads of one kind (previous token, first token) may resemble each other in both circuits without kinship. So
///   the chance of agreement is also taken from the pair of models: the partners that were found are taken away, and what still
///   agrees gives the upper end of a 99.9 % confidence interval. The bound is P(X ≥ t) of a binomial.
///
/// The smaller value of both halves counts, times two, times the head sizes tried.
package struct CircuitMatch: Sendable, Equatable {
  /// The unseen heads of one layer of the candidate.
  package struct Layer: Sendable, Equatable {
    /// The layer's number in the candidate.
    package var layer: Int
    /// The number of its heads.
    package var heads: Int
    /// The number of its heads that agree.
    package var agreements: Int
    /// The foundation's layer with which most of them agree; nil if none does.
    package var origin: Int?
    /// The number of heads that agree with that layer.
    package var ofOrigin: Int
  }

  /// The number of the candidate's heads.
  package var heads: Int
  /// The number of heads that agree.
  package var agreements: Int
  /// The mean of the share for unrelated models, by random assignment inside layers.
  package var nullMean: Double
  /// The standard deviation of the share for unrelated models, likewise.
  package var nullSD: Double
  /// log10 of a bound on the probability of so much agreement by chance, at most 0.
  package var log10P: Double
  /// `log10P` if nine tenths of the heads agreed: it shows whether there are enough heads for the test.
  package var log10PIfMost: Double
  /// The candidate's layers, ascending.
  package var layers: [Layer]

  /// The share of heads that agree.
  package var share: Double { heads > 0 ? Double(agreements) / Double(heads) : 0 }

  /// The share of agreeing heads that the test has to be able to see: behind an exact rewrite, or after light tuning, nearly all
  /// agree.
  private static let most = 0.9
  /// The doubt about the chance that heads of a kind agree.
  private static let doubt = 0.001

  /// Matches the heads of two models. `tries`: the number of readings of the models from which this one is chosen. O(heads² ·
  /// (log heads + rounds)).
  package init(_ candidate: HeadCircuits, _ foundation: HeadCircuits, tries: Int = 1) {
    let search = CircuitSearch(candidate: candidate, foundation: foundation)
    let halves = (0..<2).map { HalfAgreement(search, half: $0) }
    let pairs = halves.flatMap(\.pairs)
    heads = candidate.count
    agreements = pairs.count
    let count = Double(max(heads, 1))
    nullMean = halves.reduce(0) { $0 + $1.law.mean } / count
    nullSD = halves.reduce(0) { $0 + $1.law.variance }.squareRoot() / count
    let correction = Double.log10(Double(halves.count * max(tries, 1)))
    let ofKind = Self.chance(halves.reduce(0) { $0 + $1.agreementsOfOthers }, of: heads)
    let best = halves.map { half in
      max(
        half.law.log10Tail(half.pairs.count), half.log10PAmongLayers,
        Binomial(trials: half.unseen.count, chance: ofKind).log10UpperTail(half.pairs.count), AgreementLaw.log10Least)
    }
    log10P = min(0, (best.min() ?? 0) + correction)
    let none = Self.chance(0, of: heads)
    let seen = halves.map { half in
      let most = Int((Self.most * Double(half.unseen.count)).rounded(.up))
      return max(
        Self.idealLaw(candidate, half.unseen).log10Tail(most),
        Binomial(trials: half.unseen.count, chance: none).log10UpperTail(most))
    }
    log10PIfMost = min(0, (seen.min() ?? 0) + correction)
    let byLayer = Dictionary(grouping: pairs) { candidate.places[$0.candidate].layer }
    let all = Dictionary(grouping: candidate.places, by: \.layer)
    layers = all.sorted { $0.key < $1.key }.map { layer, places in
      let found = byLayer[layer] ?? []
      let origins = Dictionary(grouping: found) { foundation.places[$0.foundation].layer }.mapValues(\.count)
      let origin = origins.min { ($1.value, $0.key) < ($0.value, $1.key) }
      return Layer(
        layer: layer, heads: places.count, agreements: found.count, origin: origin?.key, ofOrigin: origin?.value ?? 0)
    }
  }

  /// The law if both circuits named the right partner for every head.
  private static func idealLaw(_ candidate: HeadCircuits, _ heads: [Int]) -> AgreementLaw {
    let layers = Dictionary(grouping: heads) { candidate.places[$0].layer }
    return layers.sorted { $0.key < $1.key }.reduce(AgreementLaw()) { law, layer in
      law.plus(
        AgreementLaw.layer(
          LayerChoices(written: layer.value, attended: layer.value, groups: layer.value.map { candidate.groups[$0] })))
    }
  }

  /// The highest chance at which so few heads agree.
  private static func chance(_ agreements: Int, of heads: Int) -> Double {
    guard heads > 0 else { return 1 }
    return max(1 / Double(heads), Binomial.highestChance(successes: min(agreements, heads), trials: heads, doubt: doubt))
  }
}
