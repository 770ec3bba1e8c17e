import BasisRecovery
import NeuronTables
import WeightSimilarity

extension RelationDecision {
  /// Combines this decision, which rests on the weights in place, with both searches for neurons.
  ///
  /// Tables of cosines see neurons without a basis; the search with a basis sees more of a model that was trained long, and compares
  /// all matrices. Neurons that either of them finds are there.
  func joined(with tables: TableSearch, _ neurons: NeuronSearch, _ similarity: InPlaceSimilarity) -> RelationDecision {
    let withNeurons = joined(with: neurons, similarity)
    guard let found = tables.match.map({ TableKinship($0) }) else { return withNeurons }
    if found.isKin { return withNeurons.asKin(found, neurons, self, similarity) }
    // One test with power is enough.
    if found.hasPower, case .tooFewNeurons = withNeurons.reason, case .rowsUnlike(let coverage) = reason {
      var decision = self
      decision.reason = .rowsAndNeuronsUnlike(coverage: coverage)
      decision.caveats = []
      return decision
    }
    return withNeurons
  }

  /// This decision, which knows the search with a basis, when tables agree beyond chance.
  private func asKin(
    _ tables: TableKinship, _ neurons: NeuronSearch, _ inPlace: RelationDecision, _ similarity: InPlaceSimilarity
  ) -> RelationDecision {
    if relation == .identical { return self }
    let score = max(self.score, Self.score(log10P: tables.log10P))
    let log10P = min(self.log10P ?? 0, tables.log10P)
    // A layer comes from the foundation if any test shows it, and is foreign if none does and one could have shown it.
    let withBasis = neurons.match.map { NeuronKinship($0) }.flatMap { $0.isKin ? $0 : nil }
    let kin = tables.kin.union(withBasis?.kin ?? [])
      .union(inPlace.relation.isKinship ? LayerKinship(similarity).kin : [])
    let foreign = tables.foreign.union(withBasis?.foreign ?? []).subtracting(kin)
    if !foreign.isEmpty { return Self.partial(kin: kin, foreign: foreign, score, log10P) }
    if relation == .derived {
      var found = self
      (found.score, found.log10P) = (score, log10P)
      return found
    }
    return RelationDecision(.derived, score, .neuronTablesAlike(share: tables.share, log10P: tables.log10P), log10P)
  }
}
