package import WeightSimilarity

/// What a candidate is to a foundation, how sure that is, and on what it rests.
///
/// ```swift
/// let verdict = Verdict(of: similarity)
/// verdict.relation  // .derived
/// verdict.reason    // .rowsAlike(cosine: 0.98, coverage: 1, log10P: -120)
/// ```
///
/// Coverage and cosine must be read together: a cosine of 1 over a tenth of the parameters is not the same finding as over all.
package struct Verdict: Sendable, Equatable {
  /// The finding.
  package let relation: Relation
  /// 0 … 1, orders pairs by how sure kinship is: 1 beyond doubt, 0 none.
  package let score: Double
  /// The share of the candidate's parameters that were compared; nil for a model without weights.
  package let coverage: Double?
  /// Mean cosine over the compared matrices, weighted by parameters; nil where there are none.
  package let cosine: Double?
  /// The same in the foundation's coordinates, once masks are undone; nil where none was found.
  package internal(set) var alignedCosine: Double?
  /// How close either model is to the other; nil for a verdict that no comparison gave.
  package internal(set) var closeness: Closeness?
  /// The strongest evidence's; nil where no test could be made.
  package let log10P: Double?
  /// What was done to the weights without training, as far as it was found.
  package let rewrites: [Rewrite]
  /// How the candidate was tuned, as far as the weights tell.
  package let tuning: [TuningFact]
  /// Why the relation is what it is; nil in a `brief` verdict.
  package let reason: RelationReason?
  /// The tests that it rests on, each with its null.
  package let evidence: [Evidence]
  /// What limits the verdict.
  package let caveats: [Caveat]
}
