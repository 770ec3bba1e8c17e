import BasisRecovery
import WeightSimilarity

extension RelationDecision {
  /// Combines this decision, which rests on the weights in place, with a search for neurons.
  func joined(with search: NeuronSearch, _ similarity: InPlaceSimilarity) -> RelationDecision {
    switch search {
    case .notMade: return self
    case .impossible: return relation == .independent ? with(.mlpsNotUnderstood) : self
    case .tooDeep: return relation.isKinship ? self : with(.tooManyLayerPairs(most: LayerPairs.most))
    case .made(let match):
      let neurons = NeuronKinship(match)
      return neurons.isKin ? asKin(neurons, similarity) : asStrangers(neurons)
    }
  }

  /// This decision with the caveat of the search. It replaces the earlier caveats.
  private func with(_ caveat: Caveat) -> RelationDecision {
    var found = self
    found.caveats = [caveat]
    return found
  }

  /// The decision when neurons agree beyond chance.
  private func asKin(_ neurons: NeuronKinship, _ similarity: InPlaceSimilarity) -> RelationDecision {
    if relation == .identical { return self }
    let score = max(self.score, Self.score(log10P: neurons.log10P))
    let log10P = min(self.log10P ?? 0, neurons.log10P)
    // A layer comes from the foundation if either test shows it, and is foreign if neither does.
    let inPlace = relation.isKinship ? LayerKinship(similarity).kin : []
    let kin = neurons.kin.union(inPlace)
    let foreign = neurons.foreign.subtracting(kin)
    if !foreign.isEmpty { return Self.partial(kin: kin, foreign: foreign, score, log10P) }
    if relation == .derived {
      var found = self
      (found.score, found.log10P) = (score, log10P)
      return found
    }
    return RelationDecision(.derived, score, .neuronsAlike(share: neurons.share, log10P: neurons.log10P), log10P)
  }

  /// The decision when neurons do not agree.
  private func asStrangers(_ neurons: NeuronKinship) -> RelationDecision {
    guard relation == .independent || isSilent else { return self }
    let log10P = min(self.log10P ?? 0, neurons.log10P)
    let low = min(max(score, Self.score(log10P: neurons.log10P)), Verdict.Rule.mostOtherScore)
    guard neurons.hasPower else {
      return relation == .independent ? RelationDecision(.insufficient, low, .tooFewNeurons, log10P) : self
    }
    guard case .rowsUnlike(let coverage) = reason else { return RelationDecision(.independent, low, .neuronsUnlike, log10P) }
    return RelationDecision(.independent, low, .rowsAndNeuronsUnlike(coverage: coverage), log10P)
  }
}
