extension Verdict {
  /// The rules of the verdict. Each number has a reason; it is noted if the number rests on models at hand.
  package enum Rule {
    /// A p-value at or below it counts as evidence: one false accusation in a million honest pairs.
    package static let log10Significance = -6.0
    /// The least excess of equal rows' mean cosine that counts as a common origin. Its square is the share of a row's energy that
    /// both models have in common. Less than a thousandth is a trace, not a descent, however significant.
    package static let leastExcess = 0.03
    /// The excess that a test must be able to see before a negative result counts: the excess that a merge with a tenth of the
    /// foundation leaves.
    package static let excessToBeSeen = 0.1
    /// Standard deviations at `log10Significance` under a normal null, one-sided.
    static let deviationsAtSignificance = 4.75
    /// Below this share of compared parameters, a negative result does not hold for the rest.
    static let leastCoverage = 0.5
    /// A layer's p-value at or below it counts as evidence for that layer, once the models are known to be related: one layer in
    /// a thousand is wrongly reported as taken over.
    package static let log10LayerSignificance = -3.0
    /// A layer counts as not taken over if the typical excess of the related layers would be this many standard deviations above
    /// the layer's excess.
    static let deviationsOfAbsence = 6.0
    /// The least share of a layer's unseen neurons for the layer to come from the foundation, once the models are known to be
    /// related. In models at hand, up to a thirtieth of the neurons of unrelated layers agreed because of hubs (rows that are the
    /// nearest of many). This value is three times as much.
    package static let leastLayerShare = 0.1
    /// A layer is called foreign for its neurons only if the related layers typically share this much: ten times `leastExcess`,
    /// the upper limit of the foreign layer's share. If tuning left little of every layer, a low share is no evidence about one.
    static let leastTypicalShare = 0.3
    /// Tables of cosines call a layer foreign only if the related ones have lost next to nothing. Otherwise the layer may have lost
    /// more than they have: in models at hand, long pretraining leaves tables 0.45 of the first layer and nothing of the others,
    /// and cutting off channels (SliceGPT) leaves 0.8 of some layers and nothing of others, although all come from the foundation.
    static let leastTypicalTableShare = 0.9
    /// Tables of cosines have had power only if they could be compared in this share of the layers and experts.
    static let leastTableCoverage = 0.9
    /// Evidence at `log10Significance` gives a score of one half, which all related pairs have at least. The score of any other
    /// pair stays below it, so that it is never sorted above a related one. The gap is a hundredth, so that it shows in two
    /// decimals.
    static let mostOtherScore = 0.49
  }
}
