import AttentionCircuits
import NeuronTables

// The evidence of searches; none if no search was made.

extension HeadSearch {
  /// No draws: the null distribution is exact.
  var evidence: [Evidence] {
    guard let found = match else { return [] }
    let (mean, deviation) = (found.nullMean, found.nullSD)
    return [.init(test: .headAgreement, value: found.share, nullMean: mean, nullSD: deviation, draws: 0, log10P: found.log10P)]
  }
}

extension TableSearch {
  /// The null distribution is that of layers that do not correspond.
  var evidence: [Evidence] {
    guard let found = match else { return [] }
    let (mean, deviation, draws) = (found.nullMean, found.nullSD, found.other.count)
    return [.init(test: .neuronTables, value: found.share, nullMean: mean, nullSD: deviation, draws: draws, log10P: found.log10P)]
  }
}
