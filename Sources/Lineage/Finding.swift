import WeightSimilarity

/// The relation with its reason, before it is dressed as a verdict.
struct Finding {
  var relation: Relation
  var score: Double
  var summary: String
  /// The strongest evidence's.
  var log10P: Double?
  var warnings: [String] = []
  /// True when nothing was seen because too little could be looked at: another way of looking may tell.
  var isSilent = false

  init(_ relation: Relation, _ score: Double, _ summary: String, _ log10P: Double? = nil) {
    self.relation = relation
    self.score = score
    self.summary = summary
    self.log10P = log10P
  }

  /// What the weights in their stored coordinates say.
  init(_ similarity: InPlaceSimilarity) {
    if similarity.isIdentical {
      self.init(
        .identical, 1, "The candidate's weights are identical to the foundation's: every element of every tensor is equal.",
        similarity.rowShift?.log10P)
    } else if let test = similarity.rowShift, test.log10P <= Verdict.Rule.log10Significance,
      test.excess >= Verdict.Rule.leastExcess
    {
      self = Self.kin(test, similarity)
    } else if let tokens = Self.tokens(similarity) {
      self.init(
        .partial, max(Self.score(log10P: tokens.test.log10P), 0.5),
        "The candidate's \(tokens.role) comes from the foundation, its layers do not: channels of equal tokens are alike by "
          + "\(Self.rounded(tokens.test.excess)) beyond chance; probability by chance 10^\(Self.power(tokens.test.log10P)).",
        tokens.test.log10P)
    } else if let test = similarity.rowShift {
      self = Self.unlike(test, similarity)
    } else {
      self.init(
        .insufficient, 0,
        similarity.tensors.isEmpty
          ? "Nothing can be compared: no tensor of the candidate has a counterpart of the same role, layer and shape in the "
            + "foundation."
          : "Too little to tell: no matrix is large enough for the row-shift test (\(Self.share(similarity)) of the parameters compared)."
      )
      isSilent = true
    }
  }

  /// Equal rows are alike: in all layers, or in some.
  private static func kin(_ test: RowShiftTest, _ similarity: InPlaceSimilarity) -> Finding {
    let score = max(score(log10P: test.log10P), 0.5)
    let layers = LayerKinship(similarity)
    guard layers.foreign.isEmpty || layers.kin.isEmpty else {
      return part(kin: layers.kin, foreign: layers.foreign, score, test.log10P)
    }
    let cosine = similarity.overall.cosine.map { rounded($0) } ?? "undefined"
    return Finding(
      .derived, score,
      "The candidate shares its origin with the foundation: mean cosine \(cosine) over \(share(similarity)) of its parameters; "
        + "probability by chance 10^\(power(test.log10P)).", test.log10P)
  }

  /// Some layers were taken over and others were not.
  static func part(kin: Set<Int>, foreign: Set<Int>, _ score: Double, _ log10P: Double) -> Finding {
    Finding(
      .partial, score,
      "Part of the candidate comes from the foundation: layers \(LayerKinship.ranges(kin.sorted())) of \(kin.count + foreign.count) do, "
        + "layers \(LayerKinship.ranges(foreign.sorted())) do not; probability by chance 10^\(power(log10P)).", log10P)
  }

  /// Equal rows are not alike, or by no more than a trace.
  private static func unlike(_ test: RowShiftTest, _ similarity: InPlaceSimilarity) -> Finding {
    // Whatever is not called kin stays in the lower half of the scale.
    let low = min(score(log10P: test.log10P), 0.49)
    var found: Finding
    if test.log10P <= Verdict.Rule.log10Significance {
      return Finding(
        .insufficient, low,
        "A trace of the foundation, too faint to call: equal rows are alike by \(rounded(test.excess)) beyond chance.",
        test.log10P)
    } else if test.z <= -Verdict.Rule.deviationsAtSignificance, test.excess <= -Verdict.Rule.leastExcess {
      // Silence it is not: the test looks for likeness alone, and strangers are not opposites.
      return Finding(
        .insufficient, low,
        "Equal rows are opposite beyond chance, by \(rounded(test.excess)): no stranger, but perhaps a copy with its signs turned.",
        test.log10P)
    } else if Verdict.Rule.deviationsAtSignificance * test.nullSD > Verdict.Rule.excessToBeSeen {
      found = Finding(
        .insufficient, low,
        "Too little to tell: with \(share(similarity)) of the parameters compared, a kinship of a tenth would not be seen.",
        test.log10P)
      found.isSilent = true
    } else if (similarity.coverage ?? 0) < Verdict.Rule.leastCoverage {
      found = Finding(
        .insufficient, low,
        "No kinship in what can be compared, but that is only \(share(similarity)) of the candidate's parameters.",
        test.log10P)
      found.isSilent = true
    } else {
      found = Finding(
        .independent, low,
        "No kinship: over \(share(similarity)) of the candidate's parameters, equal rows are no more alike than any others.",
        test.log10P)
      found.warnings = [
        "compared in the stored coordinates\(similarity.order == nil ? "" : ", layers in any order"): a copy whose neurons, heads or "
          + "residual channels were re-ordered or rotated looks independent"
      ]
    }
    return found
  }

  /// The token table whose channels are alike beyond chance, significantly and by more than a trace; the most so of several.
  private static func tokens(_ similarity: InPlaceSimilarity) -> (role: String, test: RowShiftTest)? {
    similarity.tokenShifts
      .filter { $0.test.log10P <= Verdict.Rule.log10Significance && $0.test.excess >= Verdict.Rule.leastExcess }
      .min { $0.test.log10P < $1.test.log10P }
  }

  /// e² / (e² + 36) for e = −log10 p: one half at the significance level of 10⁻⁶, 0.99 at 10⁻⁶⁰, and no two
  /// strengths of evidence tie.
  static func score(log10P: Double) -> Double {
    let (e, half) = (log10P * log10P, Verdict.Rule.log10Significance * Verdict.Rule.log10Significance)
    return e / (e + half)
  }

  /// The share of the parameters that were compared, for people.
  static func share(_ similarity: InPlaceSimilarity) -> String {
    similarity.coverage.map { $0 == 1 ? "all" : percent($0) } ?? "none"
  }

  static func rounded(_ x: Double) -> String { String((x * 10_000).rounded(.towardZero) / 10_000) }

  static func percent(_ x: Double) -> String { String((x * 1000).rounded(.down) / 10) + " %" }

  /// A power of ten for people, rounded so that it claims no more than was found.
  static func power(_ log10P: Double) -> Int { Int(log10P.rounded(.up)) }
}
