import BasisRecovery
import NeuronTables
import WeightSimilarity

/// The experts of a candidate that is known to be related: those that were taken over, and those that were not, although others were.
struct ExpertKinship {
  /// An expert of a layer.
  struct Place: Hashable {
    let layer: Int
    let expert: Int
  }

  private(set) var kin: Set<Place> = []
  private(set) var foreign: Set<Place> = []

  /// By what tables and neurons found of each expert, with the rules for layers, and by equal positions; no experts if nothing was found.
  init(_ tables: TableSearch, _ neurons: NeuronSearch, _ similarity: InPlaceSimilarity) {
    let least = Verdict.Rule.leastLayerShare
    if let match = tables.match, TableKinship(match).isKin {
      let units = match.units.filter { $0.best != nil }.map { unit in
        let isTaken = unit.log10P <= Verdict.Rule.log10LayerSignificance && unit.share >= least
        return (layer: unit.layer, expert: unit.expert, share: unit.share, isTaken: isTaken)
      }
      add(units, foreignBelow: least, ifTypical: Verdict.Rule.leastTypicalTableShare)
    }
    if let match = neurons.match, NeuronKinship(match).isKin {
      add(
        match.units.map { (layer: $0.layer, expert: $0.expert, share: $0.share, isTaken: $0.share >= least) },
        foreignBelow: Verdict.Rule.leastExcess, ifTypical: Verdict.Rule.leastTypicalShare)
    }
    for tensor in similarity.tensors where tensor.isMatrix && tensor.isInPlace {
      if let layer = tensor.layer, let expert = tensor.expert { kin.insert(Place(layer: layer, expert: expert)) }
    }
    foreign.subtract(kin)
  }

  private mutating func add(
    _ units: [(layer: Int, expert: Int?, share: Double, isTaken: Bool)], foreignBelow most: Double, ifTypical least: Double
  ) {
    let experts = units.compactMap { unit in
      unit.expert.map { (place: Place(layer: unit.layer, expert: $0), share: unit.share, isTaken: unit.isTaken) }
    }
    let taken = experts.filter(\.isTaken)
    kin.formUnion(taken.map(\.place))
    let shares = taken.map(\.share).sorted()
    guard !shares.isEmpty, shares[shares.count / 2] >= least else { return }
    foreign.formUnion(experts.filter { $0.share < most }.map(\.place))
  }
}

extension RelationDecision {
  /// This decision, or `partial` if some experts of the candidate come from the foundation and others do not.
  func joined(withExpertsOf tables: TableSearch, _ neurons: NeuronSearch, _ similarity: InPlaceSimilarity) -> RelationDecision {
    guard relation == .derived, let log10P else { return self }
    let experts = ExpertKinship(tables, neurons, similarity)
    guard !experts.kin.isEmpty, !experts.foreign.isEmpty else { return self }
    func byLayer(_ places: Set<ExpertKinship.Place>) -> [Int: [Int]] {
      Dictionary(grouping: places, by: \.layer).mapValues { $0.map(\.expert).sorted() }
    }
    var found = self
    (found.relation, found.caveats) = (.partial, [])
    found.reason = .someExperts(derived: byLayer(experts.kin), foreign: byLayer(experts.foreign), log10P: log10P)
    return found
  }
}
