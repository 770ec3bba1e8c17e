import WeightSimilarity

extension Verdict {
  /// This verdict on the main part, as the verdict on a model of several parts.
  ///
  /// `identical` holds only for whole models: if another part differs, the main part is derived, and the reason says that it is equal.
  package func scoped(_ scope: VerdictScope) -> Verdict {
    let isPartlyIdentical = relation == .identical && !scope.isIdentical
    var found = Verdict(
      relation: isPartlyIdentical ? .derived : relation, score: score, coverage: coverage, cosine: cosine,
      alignedCosine: alignedCosine, closeness: closeness, log10P: log10P, rewrites: rewrites, tuning: tuning,
      reason: isPartlyIdentical ? .mainPartIdentical : reason, evidence: evidence, caveats: caveats)
    found.scope = scope
    return found
  }

  /// The name of a model's token tables among its shared parts.
  private static let tokenTables = "token_tables"

  /// The names of the parts beside the main one that have a common origin with their counterparts: towers, and the token tables of
  /// models that have nothing else in common.
  package var sharedParts: [String] {
    (scope?.shared ?? []) + (caveats.contains(where: \.isTokenTable) ? [Self.tokenTables] : [])
  }
}
