package import BasisRecovery
package import ChangeAnalysis
package import WeightSimilarity

extension Verdict {
  /// The verdict from what was found in the stored coordinates and, where they were looked for, of neurons in any order and basis.
  ///
  /// - identical: every weight has a counterpart and every element is equal;
  /// - derived: equal rows are alike beyond chance, significantly and by more than a trace; or neurons that the basis was not fitted
  ///   on agree, likewise;
  /// - partial: they do in some layers only, where the others would have shown it too; or in the token embeddings alone;
  /// - independent: neither, nor are rows opposite beyond chance, and what was looked at would have shown a kinship of a tenth;
  /// - insufficient: otherwise; the reason says why.
  ///
  /// Gains and other vectors, and names, have no vote; token tables only where nothing else is alike.
  /// `alignment` and `gains`, where they were looked for, name what was rewritten, `change` what was tuned; they have no part in the
  /// relation.
  package init(
    of similarity: InPlaceSimilarity, neurons: NeuronSearch = .notMade, alignment: Alignment? = nil, gains: GainRewrite? = nil,
    change: Change? = nil
  ) {
    let decision = RelationDecision(similarity).joined(with: neurons, similarity)
    let evidence =
      (similarity.rowShift.map { [Evidence($0)] } ?? [])
      + similarity.tokenShifts.map { Evidence($0.test, .tokenTable(role: $0.role)) } + neurons.evidence
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
