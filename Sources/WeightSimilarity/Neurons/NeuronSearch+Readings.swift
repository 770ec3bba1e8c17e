public import ModelAnatomy
import TensorFiles

extension NeuronSearch {
  /// Readings that are tried: gate and up either way in both models.
  private static let mostReadings = 4

  /// Looks for the foundation's neurons in the candidate. Where inference leaves open which matrix is gate, up or down, the other likely
  /// readings are tried too, and their number multiplies the p-value; a reading in which most neurons agree is right, and ends the search.
  /// Cost: that of `BasisRecovery`, for each.
  public init(candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil) {
    let most = LayerPairs.readings(Self.mostReadings, candidate, foundation)
    var known: Set<[String]> = []
    var pairs: [(Anatomy, Anatomy)] = []
    for own in [candidate] + candidate.alternatives {
      for theirs in [foundation] + foundation.alternatives
      where pairs.count < most && LayerPairs.canBeTried(own, theirs)
        && known.insert(Self.matrices(own) + [""] + Self.matrices(theirs)).inserted
      {
        pairs.append((own, theirs))
      }
    }
    if pairs.isEmpty {
      self = .tooDeep
      return
    }
    var best: BasisMatch?
    var tries = 0
    for (own, theirs) in pairs {
      guard let recovery = BasisRecovery(candidate: own, foundation: theirs, workers: workers, cache: cache),
        var match = recovery.match()
      else { continue }
      match.search = (recovery, own, theirs)
      tries += match.evidence.tries
      if best.map({ match.evidence.share > $0.evidence.share }) ?? true { best = match }
      if match.evidence.share > 0.5 { break }
    }
    best?.evidence.tries = tries
    self = best.map(NeuronSearch.made) ?? .impossible
  }

  /// Which tensors are a model's gates, ups and downs; nothing where names say it.
  private static func matrices(_ anatomy: Anatomy) -> [String] {
    guard anatomy.inference != nil else { return [] }
    let roles: Set<Role> = [.gateProj, .upProj, .downProj]
    return anatomy.weights.filter { roles.contains($0.role) }.map { "\($0.layer ?? -1) \($0.role) \($0.tensor.name)" }
  }
}
