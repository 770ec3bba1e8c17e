import NeuronTables

extension TableSearch {
  /// The evidence from a search by tables of cosines; none if no search was made. The null distribution is that of layers that do
  /// not correspond.
  var evidence: [Evidence] {
    guard let match else { return [] }
    return [
      Evidence(
        test: .neuronTables, value: match.share, nullMean: match.nullMean, nullSD: match.nullSD, draws: match.other.count,
        log10P: match.log10P)
    ]
  }
}
