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
}
