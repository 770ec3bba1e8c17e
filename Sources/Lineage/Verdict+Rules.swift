public import BasisRecovery
public import ChangeAnalysis
public import WeightSimilarity

extension Verdict {
  /// The rules of the in-place verdict. Each number has a reason; none was fitted to models at hand.
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
    /// The share of a layer's unseen neurons from which on the layer was taken over, once the models are known to be kin: hubs, which
    /// are every row's nearest, make layers of strangers agree in up to a thirtieth.
    static let leastLayerShare = 0.1
  }

  /// The verdict from what was found in the stored coordinates and, where they were looked for, of neurons in any order and basis.
  ///
  /// - identical: every weight has a counterpart and every element is equal;
  /// - derived: equal rows are alike beyond chance, significantly and by more than a trace; or neurons that the basis was not fitted
  ///   on agree, likewise;
  /// - partial: they do in some layers only, where the others would have shown it too; or in the token embeddings alone;
  /// - independent: neither, nor are rows opposite beyond chance, and what was looked at would have shown a kinship of a tenth;
  /// - insufficient: otherwise; the summary says why.
  ///
  /// Gains and other vectors, and names, have no vote; token tables only where nothing else is alike.
  /// `alignment` and `gains`, where they were looked for, name what was rewritten, `change` what was tuned; they have no part in the
  /// relation.
  public init(
    of similarity: InPlaceSimilarity, neurons: NeuronSearch = .notMade, alignment: Alignment? = nil, gains: GainRewrite? = nil,
    change: Change? = nil
  ) {
    let finding = Finding(similarity).joined(with: neurons, similarity)
    let evidence =
      (similarity.rowShift.map { [Evidence($0)] } ?? [])
      + similarity.tokenShifts.map { Evidence($0.test, named: "\($0.role) in place") } + neurons.evidence
    self.init(
      relation: finding.relation, score: finding.score, coverage: similarity.coverage, cosine: similarity.overall.cosine,
      alignedCosine: similarity.overall.alignedCosine, closeness: similarity.closeness, log10P: finding.log10P,
      rewrites: finding.relation.isKinship ? Rewrite.all(similarity, alignment, gains) : [],
      tuning: finding.relation.isKinship ? Tuning.words(similarity, change) : [],
      summary: finding.summary, evidence: evidence, warnings: similarity.warnings + finding.warnings)
  }
}

extension Evidence {
  init(_ test: RowShiftTest, named name: String = "rows in place") {
    self.init(
      test: name, value: test.value, nullMean: test.nullMean, nullSD: test.nullSD, draws: test.draws,
      log10P: test.log10P)
  }
}
