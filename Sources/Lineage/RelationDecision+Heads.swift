import AttentionCircuits
import BasisRecovery

extension RelationDecision {
  /// Combines this decision, which rests on rows and neurons, with a search for attention heads.
  func joined(with heads: HeadSearch, after neurons: NeuronSearch) -> RelationDecision {
    guard let match = heads.match else { return self }
    let heads = HeadKinship(match)
    return heads.isKin ? asKin(heads, after: neurons) : asStrangers(heads)
  }

  /// The decision when heads agree beyond chance: the whole model if nothing else could be seen, a part of it if its neurons could
  /// have been the foundation's and are not.
  private func asKin(_ heads: HeadKinship, after neurons: NeuronSearch) -> RelationDecision {
    if relation.isKinship { return self }
    let neurons = neurons.match.map { NeuronKinship($0) }
    let differ = neurons.map { $0.hasPower && !$0.isKin } ?? false
    return RelationDecision(
      differ ? .partial : .derived, max(score, Self.score(log10P: heads.log10P)),
      .headsAlike(share: heads.share, log10P: heads.log10P, neuronsDiffer: differ), min(log10P ?? 0, heads.log10P))
  }

  /// The decision when heads do not agree: what was tested becomes part of the reason.
  private func asStrangers(_ heads: HeadKinship) -> RelationDecision {
    guard heads.hasPower, relation == .independent else { return self }
    var found = self
    switch reason {
    case .rowsAndNeuronsUnlike(let coverage): found.reason = .neuronsAndHeadsUnlike(rowsUnlike: true, coverage: coverage)
    case .neuronsUnlike: found.reason = .neuronsAndHeadsUnlike(rowsUnlike: false, coverage: nil)
    default: return self
    }
    found.log10P = min(log10P ?? 0, heads.log10P)
    found.score = min(max(score, Self.score(log10P: heads.log10P)), Verdict.Rule.mostOtherScore)
    return found
  }
}
