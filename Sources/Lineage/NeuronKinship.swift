import BasisRecovery
import WeightSimilarity

/// What a match of neurons says by the rules of `Verdict.Rule`.
struct NeuronKinship {
  /// The share of the candidate's neurons, of those that the basis was not fitted on, that are the foundation's.
  let share: Double
  let log10P: Double
  let isKin: Bool
  /// Whether the test would have seen a tenth of the neurons.
  let hasPower: Bool
  /// Layers of the candidate whose neurons are the foundation's, and those of which a good part would have to be and is not.
  let kin: Set<Int>
  let foreign: Set<Int>

  init(_ match: BasisMatch) {
    let evidence = match.evidence
    share = evidence.share
    log10P = evidence.log10P
    isKin = log10P <= Verdict.Rule.log10Significance && share - evidence.nullMean >= Verdict.Rule.leastExcess
    hasPower = evidence.log10P(ifShare: Verdict.Rule.excessToBeSeen) <= Verdict.Rule.log10Significance
    // Of a layer with experts, one is enough.
    let byLayer = Dictionary(grouping: match.units, by: \.layer).mapValues { $0.map(\.share).max() ?? 0 }
    let taken = byLayer.filter { $0.value >= Verdict.Rule.leastLayerShare }
    let shares = taken.values.sorted()
    let typical = shares.isEmpty ? 0 : shares[shares.count / 2]
    kin = Set(taken.keys)
    foreign = Set(byLayer.filter { $0.value < Verdict.Rule.leastExcess && typical >= Verdict.Rule.leastTypicalShare }.keys)
  }
}
