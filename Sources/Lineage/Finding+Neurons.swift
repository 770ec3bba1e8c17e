import BasisRecovery
import WeightSimilarity

extension Finding {
  /// This finding in place, and what the neurons say.
  func joined(with search: NeuronSearch, _ similarity: InPlaceSimilarity) -> Finding {
    switch search {
    case .notMade: return self
    case .impossible:
      guard relation == .independent else { return self }
      return warning(
        "the MLPs of one of the models are not understood: a copy whose neurons or residual channels were re-ordered or rotated would "
          + "look independent")
    case .tooDeep:
      guard !relation.isKinship else { return self }
      return warning(
        "more than \(LayerPairs.most) pairs of layers: they were compared in place only, and a copy whose layers, neurons or residual channels "
          + "were re-ordered or rotated would look independent")
    case .made(let match):
      let neurons = NeuronKinship(match)
      return neurons.isKin ? asKin(neurons, similarity) : asStrangers(neurons, similarity)
    }
  }

  /// The same with what was not looked for in place of what was said before neurons were.
  private func warning(_ text: String) -> Finding {
    var found = self
    found.warnings = [text]
    return found
  }

  /// The relation when neurons agree beyond chance.
  private func asKin(_ neurons: NeuronKinship, _ similarity: InPlaceSimilarity) -> Finding {
    if relation == .identical { return self }
    let score = max(self.score, Finding.score(log10P: neurons.log10P), 0.5)
    let log10P = min(self.log10P ?? 0, neurons.log10P)
    // A layer is taken over when either way of looking shows it, and foreign when neither does.
    let inPlace = relation.isKinship ? LayerKinship(similarity).kin : []
    let kin = neurons.kin.union(inPlace)
    let foreign = neurons.foreign.subtracting(kin)
    if !foreign.isEmpty { return Finding.part(kin: kin, foreign: foreign, score, log10P) }
    if relation == .derived {
      var found = self
      (found.score, found.log10P) = (score, log10P)
      return found
    }
    return Finding(
      .derived, score,
      "The candidate shares its origin with the foundation: \(Finding.percent(neurons.share)) of its neurons are the foundation's, "
        + "whatever their order and basis; probability by chance 10^\(Finding.power(neurons.log10P)).", log10P)
  }

  /// The relation when they do not.
  private func asStrangers(_ neurons: NeuronKinship, _ similarity: InPlaceSimilarity) -> Finding {
    guard relation == .independent || isSilent else { return self }
    let log10P = min(self.log10P ?? 0, neurons.log10P)
    let low = min(max(score, Finding.score(log10P: neurons.log10P)), 0.49)
    guard neurons.hasPower else {
      guard relation == .independent else { return self }
      return Finding(
        .insufficient, low,
        "No kinship in place, but the models have too few neurons to tell whether they were re-ordered or rotated.", log10P)
    }
    let inPlace =
      relation == .independent
      ? "over \(Finding.share(similarity)) of the candidate's parameters equal rows are no more alike than any others, and "
      : ""
    return Finding(
      .independent, low, "No kinship: \(inPlace)its neurons are not the foundation's in any order or basis.", log10P)
  }
}
