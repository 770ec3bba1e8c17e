package import BasisRecovery

extension NeuronSearch {
  /// True if the candidate's neurons match the foundation's, beyond chance and by more than a trace.
  package var isKin: Bool { match.map { NeuronKinship($0).isKin } ?? false }

  /// The evidence from a search for neurons; none if no search was made.
  var evidence: [Evidence] {
    guard let found = match?.evidence else { return [] }
    let (mean, spread, draws) = (found.nullMean, found.nullSD, found.draws.count)
    return [.init(test: .neuronAgreement, value: found.share, nullMean: mean, nullSD: spread, draws: draws, log10P: found.log10P)]
  }
}
