import BasisRecovery
import WeightSimilarity

/// The result of a neuron match by the rules of `Verdict.Rule`.
struct NeuronKinship {
  /// The share of the candidate's neurons that match the foundation's, among those that were not used to fit the basis.
  let share: Double
  let log10P: Double
  let isKin: Bool
  /// Whether the test could have seen a tenth of the neurons.
  let hasPower: Bool
  /// The candidate's layers whose neurons match the foundation's, and the layers where a large part would have to match and does
  /// not.
  let kin: Set<Int>
  let foreign: Set<Int>

  init(_ match: BasisMatch) {
    let evidence = match.evidence
    share = evidence.share
    log10P = evidence.log10P
    isKin = log10P <= Verdict.Rule.log10Significance && share - evidence.nullMean >= Verdict.Rule.leastExcess
    hasPower = evidence.log10P(ifShare: Verdict.Rule.excessToBeSeen) <= Verdict.Rule.log10Significance
    // For a layer with experts, one matching expert is enough.
    let byLayer = Dictionary(grouping: match.units, by: \.layer).mapValues { $0.map(\.share).max() ?? 0 }
    let taken = byLayer.filter { $0.value >= Verdict.Rule.leastLayerShare }
    let shares = taken.values.sorted()
    let typical = shares.isEmpty ? 0 : shares[shares.count / 2]
    kin = Set(taken.keys)
    foreign = Set(byLayer.filter { $0.value < Verdict.Rule.leastExcess && typical >= Verdict.Rule.leastTypicalShare }.keys)
  }
}
