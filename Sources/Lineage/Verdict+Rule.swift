extension Verdict {
  /// The rules of the verdict. Each number has a reason; where one rests on what was seen in models at hand, that is said.
  enum Rule {
    /// A p-value at or below it counts as evidence: one false accusation in a million honest pairs.
    static let log10Significance = -6.0
    /// The least excess of equal rows' mean cosine that counts as kinship. Its square is the share of a row's energy
    /// that both models have in common: less than a thousandth is a trace, not a descent, however significant.
    static let leastExcess = 0.03
    /// The excess that a test must be able to see before its silence means anything: what a merge with a tenth of the
    /// foundation leaves.
    static let excessToBeSeen = 0.1
    /// Standard deviations at `log10Significance` under a normal null, one-sided.
    static let deviationsAtSignificance = 4.75
    /// Below this share of compared parameters, silence says nothing about the rest.
    static let leastCoverage = 0.5
    /// A layer's p-value at or below it counts as evidence for that layer, once the models are known to be kin: one layer in a
    /// thousand is called taken over that was not.
    static let log10LayerSignificance = -3.0
    /// A layer is called not taken over when the kin layers' typical excess would stand this many standard deviations above what
    /// was found in it.
    static let deviationsOfAbsence = 6.0
    /// The share of a layer's unseen neurons from which on the layer comes from the foundation, once the models are known to be kin. In
    /// models at hand, hubs (rows that are the nearest of many) made up to a thirtieth of the neurons of unrelated layers agree; this is
    /// three times as much.
    static let leastLayerShare = 0.1
    /// A layer is called foreign for its neurons only when the layers that are kin typically share this much: ten times
    /// `leastExcess`, below which the foreign layer's share lies. Where tuning left little of any layer, little says nothing of one.
    static let leastTypicalShare = 0.3
    /// Evidence at `log10Significance` gives a score of one half, which all kin have at least. The score of any other pair stays below, so that
    /// it is never sorted above kin; by a hundredth, so that the difference shows in two decimals.
    static let mostOtherScore = 0.49
  }
}
