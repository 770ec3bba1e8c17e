package import BasisRecovery
package import ChangeAnalysis
package import NeuronTables
package import WeightSimilarity

extension Verdict {
  /// The verdict from the comparison in stored coordinates and, if they were made, the searches for neurons in any order and basis.
  ///
  /// - identical: every weight has a counterpart and every element is equal;
  /// - derived: equal rows are alike beyond chance, significantly and by more than a trace; or the neurons that were not used
  ///   to fit the basis agree, likewise;
  /// - partial: rows or neurons agree in some layers only, and the tests could have seen the others; or only token embeddings
  ///   agree;
  /// - independent: neither, rows are not opposite beyond chance, and the tests could have seen a common origin of a tenth;
  /// - insufficient: otherwise; the reason gives the cause.
  ///
  /// Gains, other vectors and names do not count. Token tables count only if nothing else is alike.
  /// `alignment` and `gains`, if they were computed, give the rewrites, and `change` gives the tuning. They do not affect the
  /// relation.
  package init(
    of similarity: InPlaceSimilarity, tables: TableSearch = .notMade, neurons: NeuronSearch = .notMade,
    alignment: Alignment? = nil,
    gains: GainRewrite? = nil, change: Change? = nil
  ) {
    let decision = RelationDecision(similarity).joined(with: tables, neurons, similarity)
    let evidence =
      (similarity.rowShift.map { [Evidence($0)] } ?? [])
      + similarity.tokenShifts.map { Evidence($0.test, .tokenTable(role: $0.role)) } + tables.evidence
      + neurons.evidence
    self.init(
      relation: decision.relation, score: decision.score, coverage: similarity.coverage, cosine: similarity.overall.cosine,
      alignedCosine: similarity.overall.alignedCosine, closeness: similarity.closeness, log10P: decision.log10P,
      rewrites: decision.relation.isKinship ? Rewrite.all(similarity, alignment, gains) : [],
      tuning: decision.relation.isKinship ? TuningFact.all(similarity, change) : [],
      reason: decision.reason, evidence: evidence, caveats: similarity.caveats + decision.caveats)
  }
}

extension Evidence {
  init(_ test: RowShiftTest, _ kind: Test = .rowsInPlace) {
    self.init(
      test: kind, value: test.value, nullMean: test.nullMean, nullSD: test.nullSD, draws: test.draws,
      log10P: test.log10P)
  }
}
