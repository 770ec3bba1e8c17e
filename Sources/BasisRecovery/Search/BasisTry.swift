import LinearAlgebra

/// The result of one source of seeds on one half of the candidate's neurons.
struct BasisTry: Sendable {
  /// The coordinates of the fit.
  var space: NeuronSpace
  var fit: BasisAlternation.Fit
  /// Agreement on the other half.
  var unseen: UnseenAgreement

  /// log10 of the bound by labels on the probability of so much agreement by chance.
  var log10LabelBound: Double {
    BasisEvidence.log10LabelBound(agreements: unseen.agreements, units: unseen.neurons.count)
  }

  /// Whether the source has shown something that is worth the second half.
  var isSeen: Bool { log10LabelBound <= SearchRule.log10Seen }
}

/// The results of a source of seeds on both halves; only on the first half if that showed nothing.
struct SourceTry: Sendable {
  var source: SeedSource
  var halves: [BasisTry]

  var agreements: Int { halves.reduce(0) { $0 + $1.unseen.agreements } }
  var trials: Int { halves.reduce(0) { $0 + $1.unseen.trials } }
  var share: Double { trials > 0 ? Double(agreements) / Double(trials) : 0 }

  /// Whether the bound by labels makes so much agreement by chance practically impossible.
  var isBeyondChance: Bool { halves.allSatisfy { $0.log10LabelBound < SearchRule.log10BeyondChance } }
}
