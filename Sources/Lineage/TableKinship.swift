import NeuronTables

/// The result of a match by tables of cosines by the rules of `Verdict.Rule`.
struct TableKinship {
  /// The share of the candidate's held-out neurons that match the foundation's.
  let share: Double
  let log10P: Double
  let isKin: Bool
  /// Whether the test would have seen a noisy relative of the candidate itself, in nearly all of its layers.
  let hasPower: Bool
  /// The candidate's layers whose neurons match the foundation's, and the layers where a large part would have to match and does
  /// not.
  let kin: Set<Int>
  let foreign: Set<Int>

  init(_ match: TableMatch) {
    share = match.share
    log10P = match.log10P
    // A p-value that small needs a tenth of a layer's held-out neurons: there is no trace to be excluded.
    isKin = log10P <= Verdict.Rule.log10Significance
    hasPower =
      match.coverage >= Verdict.Rule.leastTableCoverage
      && match.log10P(ifShare: Verdict.Rule.leastTypicalShare) <= Verdict.Rule.log10Significance
      && match.log10ProbeP <= Verdict.Rule.log10Significance
    // For a layer with experts, one matching expert is enough.
    let byLayer = Dictionary(grouping: match.units.filter { $0.best != nil }, by: \.layer)
    let taken = byLayer.filter { _, units in
      units.contains { $0.log10P <= Verdict.Rule.log10LayerSignificance && $0.share >= Verdict.Rule.leastLayerShare }
    }
    kin = Set(taken.keys)
    let shares = taken.values.map { $0.map(\.share).max() ?? 0 }.sorted()
    let typical = shares.isEmpty ? 0 : shares[shares.count / 2]
    guard typical >= Verdict.Rule.leastTypicalTableShare else {
      foreign = []
      return
    }
    foreign = Set(byLayer.filter { $0.value.allSatisfy { $0.share < Verdict.Rule.leastLayerShare } }.keys)
  }
}
