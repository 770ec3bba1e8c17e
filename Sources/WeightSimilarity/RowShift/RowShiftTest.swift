import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// Whether the rows of two models are more alike than chance explains. The null distribution comes from the pair itself.
///
/// ```swift
/// let test = RowShiftTest(pairing, workers: workers)!
/// test.excess   // 0.99 for a fine-tune, 0.00 for an unrelated model
/// test.log10P   // −300, −0.2
/// ```
///
/// The order of neurons, heads and residual channels is arbitrary. For independently trained models, any order of one model's
/// rows is as likely as the stored order. So the mean cosine of rows with the same index, `T₀ = mean ⟨âᵢ, b̂ᵢ⟩`, is one more draw
/// of `T_s = mean ⟨âᵢ, b̂ᵢ₊ₛ⟩` for shifts `s ≠ 0`. For related models `T₀` is far above these draws. Features that all rows of a
/// model share (a mean, outlier columns) are in every `T_s` and cancel.
///
/// - Only matrices inside layers are used. Token tables are excluded, because models of one tokenizer share the order of tokens.
///   If one of the models has no layers, all matrices except token tables are used. Models with layers of different shapes have
///   no test: what is equal outside of their layers may be a fixed table.
/// - Within a layer the shift is the same for all matrices, so the spread includes any dependence between them. Layers are
///   independent strata whose means and variances add. The weight of a matrix is its number of columns: the inverse variance of a
///   cosine by chance.
/// - `log10P` comes from Student's t with the degrees of freedom of Welch and Satterthwaite, one-sided. The variance of each
///   stratum includes the uncertainty of its mean. If the pairing was chosen from several, their number multiplies the p-value.
///
/// Source: the exchangeability of rows is that of Zhu et al., Independence tests for language models (2025).
/// Cost per matrix: reads at most 32 rows; 32² · columns multiplications.
package struct RowShiftTest: Sendable, Equatable {
  /// `T₀`: mean cosine of rows with the same index, −1 … 1.
  package let value: Double
  /// Mean of `T_s` over the shifts.
  package let nullMean: Double
  /// Standard deviation of a draw of the whole statistic under the null hypothesis.
  package let nullSD: Double
  /// Shifts drawn, over all strata.
  package let draws: Int
  /// (value − nullMean) / nullSD, where the SD includes the uncertainty of the null mean.
  package let z: Double
  /// log10 of the one-sided p-value, at most 0.
  package let log10P: Double

  /// `value − nullMean`: how much of the rows' direction is shared beyond chance; 0 for unrelated models, 1 for equal rows.
  package var excess: Double { value - nullMean }

  /// Whether a pair of matrices is used in the test. A suitable pair outside of the layers is still unused if the model has
  /// layers.
  package static func suits(_ pair: WeightPair) -> Bool {
    RowSample.suits(pair.candidate) && pair.isWhole
  }

  /// The test of a pairing from the strata of its layers; nil when no matrix has enough rows, or all rows of each are alike.
  package init?(_ pairing: Pairing, strata: [Int: [ShiftSummary]]) {
    self.init(strata.sorted { $0.key < $1.key }.flatMap(\.value), log10Tries: pairing.log10Tries)
  }

  /// A separate test for each of the candidate's layers, from the same strata.
  static func byLayer(_ pairing: Pairing, strata: [Int: [ShiftSummary]]) -> [Int: RowShiftTest] {
    // An order is chosen layer by layer: each layer gets its share of the tries.
    let tries = pairing.log10Tries / Double(max(1, pairing.candidate.layers))
    return strata.compactMapValues { RowShiftTest($0, log10Tries: tries) }
  }

  /// The test of a token table, or nil when all of its channels are constant.
  init?(channels cosines: ShiftedCosines) {
    var stratum = ShiftStratum(shifts: cosines.values.count)
    stratum.add(cosines, weight: 1)
    self.init([stratum.summary])
  }

  /// The strata of each layer, in the order of their numbers of shifts, from the cosines of the suitable pairs (nil for other
  /// pairs).
  package static func strata(_ pairing: Pairing, _ shiftedCosines: [ShiftedCosines?]) -> [Int: [ShiftSummary]] {
    let pairs = pairing.pairs
    let suitable = pairs.indices.filter { shiftedCosines[$0] != nil && suits(pairs[$0]) }
    let used = pairing.haveLayers ? suitable.filter { pairs[$0].candidate.layer != nil } : suitable
    // Matrices with fewer rows than others have fewer shifts: they form a separate stratum.
    var strata: [Int: [Int: ShiftStratum]] = [:]
    for i in used {
      guard let cosines = shiftedCosines[i] else { continue }
      let (pair, shifts) = (pairs[i], cosines.values.count)
      let layer = pair.candidate.layer ?? 0
      strata[layer, default: [:]][shifts, default: ShiftStratum(shifts: shifts)]
        .add(cosines, weight: Double(pair.candidate.columns))
    }
    return strata.mapValues { $0.sorted { $0.key < $1.key }.map(\.value.summary) }
  }

  /// Sums over independent strata.
  package struct Sums: Sendable {
    fileprivate var value = 0.0
    fileprivate var mean = 0.0
    fileprivate var variance = 0.0
    /// The variance including the uncertainty of each stratum's mean.
    fileprivate var predictive = 0.0
    fileprivate var freedom = 0.0
    fileprivate var weight = 0.0
    fileprivate var draws = 0

    package init() {}

    package mutating func add(_ stratum: ShiftSummary) {
      let n = Double(stratum.draws)
      let spread = stratum.variance
      value += stratum.value
      mean += stratum.mean
      variance += spread
      predictive += spread * (1 + 1 / n)
      freedom += spread * (1 + 1 / n) * spread * (1 + 1 / n) / (n - 1)
      weight += stratum.weight
      draws += stratum.draws
    }
  }

  /// The test over independent strata.
  package init?(_ strata: [ShiftSummary], log10Tries: Double = 0) {
    self.init(strata.reduce(into: Sums()) { $0.add($1) }, log10Tries: log10Tries)
  }

  /// The test of these sums; nil when they are empty or have no spread.
  package init?(_ sums: Sums, log10Tries: Double = 0) {
    guard sums.weight > 0, sums.predictive > 0, sums.predictive.isFinite else { return nil }
    // Rounding may lead a mean of cosines beyond their range.
    value = min(max(sums.value / sums.weight, -1), 1)
    nullMean = sums.mean / sums.weight
    nullSD = sums.variance.squareRoot() / sums.weight
    draws = sums.draws
    z = (sums.value - sums.mean) / sums.predictive.squareRoot()
    let freedom = sums.predictive * sums.predictive / sums.freedom
    log10P = min(0, StudentT.log10UpperTail(t: z, degreesOfFreedom: freedom) + log10Tries)
  }
}

extension RowShiftTest {
  /// Restores an earlier test from its record.
  init(value: Double, nullMean: Double, nullSD: Double, draws: Int, z: Double, log10P: Double) {
    (self.value, self.nullMean, self.nullSD, self.draws, self.z, self.log10P) = (value, nullMean, nullSD, draws, z, log10P)
  }
}
