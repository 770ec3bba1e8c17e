import LinearAlgebra

/// What one source of seeds came to on one half of the candidate's neurons.
struct BasisTry: Sendable {
  /// The coordinates in which it was fitted.
  var space: NeuronSpace
  var fit: BasisAlternation.Fit
  /// Agreement on the other half.
  var unseen: UnseenAgreement

  /// log10 of a bound on the chance of so much agreement by labels.
  var log10LabelBound: Double {
    BasisEvidence.log10LabelBound(agreements: unseen.agreements, units: unseen.neurons.count)
  }

  /// Whether there is anything to look at more closely: strangers have so much by labels once in ten times at most.
  var isSeen: Bool { log10LabelBound <= -1 }
}

/// A source of seeds, tried on both halves; on the first alone when that showed nothing.
struct SourceTry: Sendable {
  var source: SeedSource
  var halves: [BasisTry]

  var agreements: Int { halves.reduce(0) { $0 + $1.unseen.agreements } }
  var trials: Int { halves.reduce(0) { $0 + $1.unseen.trials } }
  var share: Double { trials > 0 ? Double(agreements) / Double(trials) : 0 }

  /// Whether labels alone make this much agreement all but impossible.
  var isBeyondChance: Bool { halves.allSatisfy { $0.log10LabelBound < -12 } }
}
