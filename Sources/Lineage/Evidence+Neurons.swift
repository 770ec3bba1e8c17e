import WeightSimilarity

extension NeuronSearch {
  /// What a search for neurons is evidence of: nothing when none was made.
  var evidence: [Evidence] {
    guard let match else { return [] }
    let found = match.evidence
    return [
      Evidence(
        test: "neuron agreement", value: found.share, nullMean: found.nullMean, nullSD: found.nullSD, draws: found.draws.count,
        log10P: found.log10P)
    ]
  }
}
