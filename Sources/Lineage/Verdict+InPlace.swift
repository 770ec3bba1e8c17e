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
  }

  /// The verdict from weights compared in their stored coordinates, layers in their own order or in the one that was found.
  ///
  /// - identical: every weight has a counterpart and every element is equal;
  /// - derived: equal rows are alike beyond chance, significantly and by more than a trace;
  /// - partial: they are in some layers only, where the others would have shown it too; or in the token embeddings alone;
  /// - independent: they are not, nor are they opposite beyond chance, and the test would have seen a kinship of a tenth;
  /// - insufficient: otherwise; the summary says why.
  ///
  /// Gains and other vectors, token tables and names have no vote.
  public init(of similarity: InPlaceSimilarity) {
    let finding = Finding(similarity)
    let test = similarity.rowShift
    self.init(
      relation: finding.relation, score: finding.score, coverage: similarity.coverage, cosine: similarity.overall.cosine,
      log10P: test?.log10P,
      // An order that was found between strangers is chance.
      rewrites: finding.relation.isKinship ? similarity.order.map(Rewrite.moves) ?? [] : [], tuning: [], summary: finding.summary,
      evidence: (test.map { [Evidence($0)] } ?? [])
        + similarity.tokenShifts.map { Evidence($0.test, named: "\($0.role) in place") },
      warnings: similarity.warnings + finding.warnings)
  }
}

extension Evidence {
  init(_ test: RowShiftTest, named name: String = "rows in place") {
    self.init(
      test: name, value: test.value, nullMean: test.nullMean, nullSD: test.nullSD, draws: test.draws,
      log10P: test.log10P)
  }
}

/// The relation with its reason, before it is dressed as a verdict.
private struct Finding {
  var relation: Relation
  var score: Double
  var summary: String
  var warnings: [String] = []

  init(_ similarity: InPlaceSimilarity) {
    let share = similarity.coverage.map { $0 == 1 ? "all" : Finding.percent($0) } ?? "none"
    if similarity.isIdentical {
      self.init(
        .identical, 1, "The candidate's weights are identical to the foundation's: every element of every tensor is equal.")
      return
    }
    if similarity.tensors.isEmpty {
      self.init(
        .insufficient, 0,
        "Nothing can be compared: no tensor of the candidate has a counterpart of the same role, layer and shape in the foundation."
      )
      return
    }
    guard let test = similarity.rowShift else {
      self.init(
        .insufficient, 0,
        "Too little to tell: no matrix is large enough for the row-shift test (\(share) of the parameters compared).")
      return
    }
    let significant = test.log10P <= Verdict.Rule.log10Significance
    let score = Finding.score(log10P: test.log10P)
    if significant, test.excess >= Verdict.Rule.leastExcess {
      if let missing = LayerKinship(similarity).missing {
        self.init(
          .partial, max(score, 0.5),
          "Part of the candidate comes from the foundation: layers \(missing.kin) of \(missing.all) do, layers \(missing.others) "
            + "do not; probability by chance 10^\(Int(test.log10P.rounded(.up))).")
        return
      }
      let cosine = similarity.overall.cosine.map { Finding.rounded($0) } ?? "undefined"
      self.init(
        .derived, max(score, 0.5),
        "The candidate shares its origin with the foundation: mean cosine \(cosine) over \(share) of its parameters; "
          + "probability by chance 10^\(Int(test.log10P.rounded(.up)))."
      )
      return
    }
    if let tokens = Finding.tokens(similarity) {
      self.init(
        .partial, max(Finding.score(log10P: tokens.test.log10P), 0.5),
        "The candidate's \(tokens.role) comes from the foundation, its layers do not: channels of equal tokens are alike by "
          + "\(Finding.rounded(tokens.test.excess)) beyond chance; probability by chance 10^\(Int(tokens.test.log10P.rounded(.up)))."
      )
      return
    }
    // Whatever is not called kin stays in the lower half of the scale.
    let low = min(score, 0.49)
    if significant {
      self.init(
        .insufficient, low,
        "A trace of the foundation, too faint to call: equal rows are alike by \(Finding.rounded(test.excess)) beyond chance.")
    } else if test.z <= -Verdict.Rule.deviationsAtSignificance, test.excess <= -Verdict.Rule.leastExcess {
      // Silence it is not: the test looks for likeness alone, and strangers are not opposites.
      self.init(
        .insufficient, low,
        "Equal rows are opposite beyond chance, by \(Finding.rounded(test.excess)): no stranger, but perhaps a copy with its signs "
          + "turned.")
    } else if Verdict.Rule.deviationsAtSignificance * test.nullSD > Verdict.Rule.excessToBeSeen {
      self.init(
        .insufficient, low,
        "Too little to tell: with \(share) of the parameters compared, a kinship of a tenth would not be seen.")
    } else if (similarity.coverage ?? 0) < Verdict.Rule.leastCoverage {
      self.init(
        .insufficient, low, "No kinship in what can be compared, but that is only \(share) of the candidate's parameters.")
    } else {
      self.init(
        .independent, low,
        "No kinship: over \(share) of the candidate's parameters, equal rows are no more alike than any others.")
      warnings = [
        "compared in the stored coordinates\(similarity.order == nil ? "" : ", layers in any order"): a copy whose neurons, heads or "
          + "residual channels were re-ordered or rotated looks independent"
      ]
    }
  }

  /// The token table whose channels are alike beyond chance, significantly and by more than a trace; the most so of several.
  private static func tokens(_ similarity: InPlaceSimilarity) -> (role: String, test: RowShiftTest)? {
    similarity.tokenShifts
      .filter { $0.test.log10P <= Verdict.Rule.log10Significance && $0.test.excess >= Verdict.Rule.leastExcess }
      .min { $0.test.log10P < $1.test.log10P }
  }

  private init(_ relation: Relation, _ score: Double, _ summary: String) {
    self.relation = relation
    self.score = score
    self.summary = summary
  }

  /// e² / (e² + 36) for e = −log10 p: one half at the significance level of 10⁻⁶, 0.99 at 10⁻⁶⁰, and no two
  /// strengths of evidence tie.
  private static func score(log10P: Double) -> Double {
    let (e, half) = (log10P * log10P, Verdict.Rule.log10Significance * Verdict.Rule.log10Significance)
    return e / (e + half)
  }

  private static func rounded(_ x: Double) -> String { String((x * 10_000).rounded(.towardZero) / 10_000) }

  private static func percent(_ x: Double) -> String { String((x * 1000).rounded(.down) / 10) + " %" }
}
