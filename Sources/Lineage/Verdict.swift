package import WeightSimilarity

/// The relation of a candidate to a foundation, with its certainty and its evidence.
///
/// ```swift
/// let verdict = Verdict(of: similarity)
/// verdict.relation  // .derived
/// verdict.reason    // .rowsAlike(cosine: 0.98, coverage: 1, log10P: -120)
/// ```
///
/// Coverage and cosine must be read together: a cosine of 1 over a tenth of the parameters is not the same finding as over all.
package struct Verdict: Sendable, Equatable {
  /// The relation that was found.
  package let relation: Relation
  /// 0 … 1, orders pairs by the certainty of a common origin: 1 beyond doubt, 0 none.
  package let score: Double
  /// The share of the candidate's parameters that were compared; nil for a model without weights.
  package let coverage: Double?
  /// Mean cosine over the compared matrices, weighted by parameters; nil if there are none.
  package let cosine: Double?
  /// Mean cosine in the foundation's coordinates, after masks are undone; nil if no mask was found.
  package internal(set) var alignedCosine: Double?
  /// How close either model is to the other; nil for a verdict that no comparison gave.
  package internal(set) var closeness: Closeness?
  /// log10 of the p-value of the strongest evidence; nil if no test could be made.
  package let log10P: Double?
  /// The changes to the weights without training, as far as they were found.
  package let rewrites: [Rewrite]
  /// How the candidate was tuned, as far as the weights show it.
  package let tuning: [TuningFact]
  /// The reason for the relation; nil in a `brief` verdict.
  package let reason: RelationReason?
  /// The tests behind the verdict, each with its null distribution.
  package let evidence: [Evidence]
  /// The limits of the verdict.
  package let caveats: [Caveat]
  /// For models of several parts: the part that the verdict is about, and what was found of the others; else nil.
  package internal(set) var scope: VerdictScope?
}
