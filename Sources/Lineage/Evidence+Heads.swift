import AttentionCircuits

extension HeadSearch {
  /// The evidence from a search for attention heads; none if no search was made. No draws: the null distribution is exact.
  var evidence: [Evidence] {
    guard let match else { return [] }
    return [
      Evidence(
        test: .headAgreement, value: match.share, nullMean: match.nullMean, nullSD: match.nullSD, draws: 0, log10P: match.log10P)
    ]
  }
}
