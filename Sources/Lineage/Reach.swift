import WeightSimilarity

/// The share of a candidate's layers that the tests behind a verdict could have seen a common origin in.
///
/// A verdict of `independent` speaks of what was tested: without nine tenths of the parameters in layers, it is `insufficient`.
package struct Reach {
  /// The least share for `independent`.
  package static let least = 0.9

  /// Share of the parameters in layers, 0 … 1; 1 for a model without any.
  let share: Double

  /// `neurons`, `heads`: whether a test of neurons, and of attention heads, was made and had power.
  init(_ similarity: InPlaceSimilarity, neurons: Bool, heads: Bool) {
    let (all, inPlace) = similarity.layerSizes
    var reached = inPlace.total
    if neurons { reached += all.mlp - inPlace.mlp }
    if heads { reached += all.attention - inPlace.attention }
    share = all.total == 0 ? 1 : Double(reached) / Double(all.total)
  }
}

extension RelationDecision {
  /// This decision, unless it calls models independent of which too little was within reach of a test with power.
  func limited(by reach: Reach) -> RelationDecision {
    guard relation == .independent, reach.share < Reach.least else { return self }
    return insufficient(.reachTooSmall(share: reach.share))
  }

  /// This decision, unless it calls a model independent of which more than a tenth are token tables that come from the foundation: then
  /// less than nine tenths were seen to be unlike. A draft head is such a model.
  func limited(byTablesOf similarity: InPlaceSimilarity) -> RelationDecision {
    guard relation == .independent else { return self }
    let share = similarity.tokenTableShare(of: Set(Self.alikeTables(similarity).map { $0.role }))
    return share <= 1 - Reach.least ? self : insufficient(.tokenTablesAlike(share: share))
  }

  private func insufficient(_ reason: RelationReason) -> RelationDecision {
    var found = self
    (found.relation, found.reason) = (.insufficient, reason)
    return found
  }
}
