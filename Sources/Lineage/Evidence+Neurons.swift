package import BasisRecovery

extension NeuronSearch {
  /// True if the candidate's neurons match the foundation's, beyond chance and by more than a trace.
  package var isKin: Bool { match.map { NeuronKinship($0).isKin } ?? false }

  /// The evidence from a search for neurons; none if no search was made.
  var evidence: [Evidence] {
    guard let match else { return [] }
    let found = match.evidence
    return [
      Evidence(
        test: .neuronAgreement, value: found.share, nullMean: found.nullMean, nullSD: found.nullSD, draws: found.draws.count,
        log10P: found.log10P)
    ]
  }
}
