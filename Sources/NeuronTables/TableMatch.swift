import RealModule

/// What the tables of two models' neurons have in common, for any order, scales and signs of neurons, and for any basis of the
/// residual stream, or several.
///
/// ```swift
/// let match = TableMatch(candidate: candidate, foundation: foundation, workers: workers)
/// match.log10P                   // −80 for a rewritten copy, 0 for an unrelated model
/// match.units[0].originLayer     // 0: the layer of the foundation that the candidate's first layer comes from
/// ```
///
/// A unit is a layer's MLP or an expert. Each unit of the candidate is compared with the units of the foundation that look most
/// alike. Half of its neurons find partners; for the other half, two descriptions without a common entry each name a partner. A
/// neuron agrees if both name the same one.
///
/// The p-value of a unit is the larger one of two bounds, for the best of all tries, times the number of tries (units of the
/// foundation, whether compared or not, selections, folds, pairs of descriptions):
/// - *Labels* (`PermutationBound`): exact if, for unrelated models, the second description, less what the first one tells linearly,
///   belongs to any of the held-out neurons with the same probability.
/// - *Other layers*: neurons of trained models have kinds, which both descriptions show. So every unit is also compared with a unit
///   of the foundation that looks neither alike nor unlike, and the chance of an agreement is at most the upper end of the 99.9 %
///   confidence interval of what these show, for each selection and pair; at least 1 / neurons. The bound is a binomial tail.
///
/// The p-value of the model is that of its best unit times the number of units. Units are not combined further: layers of a model
/// that was grown, and experts, are copies of each other, and their p-values then are the same one.
package struct TableMatch: Sendable {
  /// A unit of the candidate.
  package struct Unit: Sendable, Equatable {
    /// The layer's number.
    package var layer: Int
    /// The expert, where there are several.
    package var expert: Int?
    /// The foundation's layer whose neurons agree most; nil if nothing could be compared.
    package var originLayer: Int?
    /// Its expert.
    package var originExpert: Int?
    /// The agreement with the smallest p-value; nil if nothing could be compared.
    package var best: HeldOutAgreement?
    /// log10 of the p-value of this unit after correction for all tries, at most 0.
    package var log10P: Double

    /// The share of held-out neurons that agree.
    package var share: Double { best?.share ?? 0 }
  }

  /// The agreements that units show which do not correspond.
  package var other: [OtherAgreement]
  /// The candidate's units.
  package var units: [Unit]
  /// The foundation's number of units.
  package var foundationUnits: Int
  /// The number of readings of the models that were tried.
  package var readings = 1
  /// Agreements with a synthetic relative (`PowerProbe`); empty if there is none.
  var probe: [HeldOutAgreement]
  /// The number of tries for each unit of the foundation: selections, folds, pairs of descriptions.
  var triesPerUnit: Int

  /// The share of held-out neurons that agree, over all units.
  package var share: Double {
    let best = units.compactMap(\.best)
    let trials = best.reduce(0) { $0 + $1.trials }
    return trials > 0 ? Double(best.reduce(0) { $0 + $1.agreements }) / Double(trials) : 0
  }

  /// The mean share of neurons that agree in layers that do not correspond, over selections and pairs of descriptions.
  package var nullMean: Double { other.isEmpty ? 0 : other.reduce(0) { $0 + $1.share } / Double(other.count) }
  /// The standard deviation of that share.
  package var nullSD: Double {
    guard other.count > 1 else { return 0 }
    let mean = nullMean
    return (other.reduce(0) { $0 + ($1.share - mean) * ($1.share - mean) } / Double(other.count - 1)).squareRoot()
  }

  /// log10 of the p-value of the model, at most 0.
  package var log10P: Double { corrected(units.map(\.log10P).min() ?? 0) }

  /// log10 of the p-value if a share of a typical unit's held-out neurons agreed.
  package func log10P(ifShare share: Double) -> Double {
    let trials = units.compactMap(\.best?.trials).sorted()
    guard !trials.isEmpty else { return 0 }
    let typical = trials[trials.count / 2]
    let agreements = Int(share * Double(typical))
    let agreement = HeldOutAgreement(
      selection: .allMatrices, pair: .firstAndSecond, fold: 0, agreements: agreements, shared: typical, trials: typical)
    return corrected(log10P(of: agreement))
  }

  /// log10 of the p-value of the synthetic relative, as if it were a unit; 0 if there is none.
  package var log10ProbeP: Double { corrected(probe.map { log10P(of: $0) }.min() ?? 0) }

  /// The share of the candidate's units that were compared with enough partners to count anything.
  package var coverage: Double { Double(units.count { $0.best != nil }) / Double(max(units.count, 1)) }

  /// The p-value of an agreement, corrected for the tries of its unit.
  func log10P(of agreement: HeldOutAgreement) -> Double {
    min(0, agreement.log10P(other) + Double.log10(Double(max(foundationUnits * triesPerUnit, 1))))
  }

  /// A unit's p-value, corrected for the number of units and readings.
  private func corrected(_ log10P: Double) -> Double {
    min(0, log10P + Double.log10(Double(max(units.count * readings, 1))))
  }
}
