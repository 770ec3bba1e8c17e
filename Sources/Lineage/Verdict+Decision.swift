package import AttentionCircuits
package import BasisRecovery
package import ChangeAnalysis
package import NeuronTables
package import WeightSimilarity

extension Verdict {
  /// The verdict from the comparison in stored coordinates and, if they were made, the searches for neurons and for attention heads in
  /// any order and basis.
  ///
  /// - identical: every weight has a counterpart and every element is equal;
  /// - derived: equal rows are alike beyond chance, significantly and by more than a trace; or the neurons that were not used
  ///   to fit the basis agree, likewise; or attention heads do, and neurons could not be compared;
  /// - partial: rows or neurons agree in some layers only, and the tests could have seen the others; or only
  ///   attention heads agree;
  /// - independent: neither, rows are not opposite beyond chance, and tests that could have seen a common origin of a tenth reached
  ///   nine tenths of the parameters in layers;
  /// - insufficient: otherwise; the reason gives the cause.
  ///
  /// Gains, other vectors, names and token tables do not count.
  /// `alignment` and `gains`, if they were computed, give the rewrites, and `change` gives the tuning. They do not affect the
  /// relation.
  package init(
    of similarity: InPlaceSimilarity, tables: TableSearch = .notMade, neurons: NeuronSearch = .notMade,
    heads: HeadSearch = .notMade, alignment: Alignment? = nil, gains: GainRewrite? = nil, change: Change? = nil
  ) {
    let reach = Reach(
      similarity,
      neurons: tables.match.map { TableKinship($0).hasPower } ?? false
        || neurons.match.map { NeuronKinship($0).hasPower } ?? false,
      heads: heads.match.map { HeadKinship($0).hasPower } ?? false)
    let decision = RelationDecision(similarity).joined(with: tables, neurons, similarity).joined(with: heads, after: neurons)
      .limited(by: reach).limited(byTablesOf: similarity)
    let evidence =
      (similarity.rowShift.map { [Evidence($0)] } ?? []) + (similarity.valueAngles.map { [Evidence($0, .valueAngles)] } ?? [])
      + similarity.tokenShifts.map { Evidence($0.test, .tokenTable(role: $0.role)) } + tables.evidence + neurons.evidence
      + heads.evidence
    self.init(
      relation: decision.relation, score: decision.score, coverage: similarity.comparedShare, cosine: similarity.overall.cosine,
      alignedCosine: similarity.overall.alignedCosine, closeness: similarity.closeness, log10P: decision.log10P,
      rewrites: decision.relation.isKinship ? Rewrite.all(similarity, alignment, gains) : [],
      tuning: decision.relation.isKinship ? TuningFact.all(similarity, change) : [],
      reason: decision.reason, evidence: evidence,
      caveats: similarity.caveats + decision.caveats + Caveat.tables(similarity, decision.relation))
  }
}

extension Caveat {
  /// Whether the caveat is about a token table that comes from the foundation.
  package var isTokenTable: Bool {
    if case .tokenTableAlike = self { true } else { false }
  }

  /// The caveat for a pair that is not found to be related, and whose token tables are.
  fileprivate static func tables(_ similarity: InPlaceSimilarity, _ relation: Relation) -> [Caveat] {
    guard !relation.isKinship,
      // If there are several, the most significant one.
      let tokens = RelationDecision.alikeTables(similarity).min(by: { $0.test.log10P < $1.test.log10P })
    else { return [] }
    return [.tokenTableAlike(role: tokens.role, excess: tokens.test.excess, log10P: tokens.test.log10P)]
  }
}

extension Evidence {
  init(_ test: RowShiftTest, _ kind: Test = .rowsInPlace) {
    self.init(
      test: kind, value: test.value, nullMean: test.nullMean, nullSD: test.nullSD, draws: test.draws,
      log10P: test.log10P)
  }
}
