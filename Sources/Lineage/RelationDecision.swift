import WeightSimilarity

/// The relation of a pair and the reason for it; a `Verdict` adds figures, evidence and caveats.
struct RelationDecision {
  var relation: Relation
  var score: Double
  var reason: RelationReason
  /// log10 of the p-value of the strongest evidence.
  var log10P: Double?
  var caveats: [Caveat] = []
  /// True if nothing was found because too little could be compared: a search for neurons may still decide.
  var isSilent = false

  init(_ relation: Relation, _ score: Double, _ reason: RelationReason, _ log10P: Double? = nil) {
    (self.relation, self.score, self.reason, self.log10P) = (relation, score, reason, log10P)
  }

  /// The decision from the weights in their stored coordinates.
  init(_ similarity: InPlaceSimilarity) {
    if similarity.isIdentical {
      self.init(.identical, 1, .everyElementEqual, similarity.rowShift?.log10P)
    } else if let test = similarity.rowShift, test.log10P <= Verdict.Rule.log10Significance,
      test.excess >= Verdict.Rule.leastExcess
    {
      self = Self.kin(test, similarity)
    } else if let test = similarity.valueAngles, test.log10P <= Verdict.Rule.log10Significance,
      test.excess >= Verdict.Rule.leastExcess
    {
      self.init(.derived, Self.score(log10P: test.log10P), .valueAnglesAlike(log10P: test.log10P), test.log10P)
    } else if let test = similarity.rowShift {
      self = Self.unlike(test, similarity)
    } else {
      self.init(
        .insufficient, 0,
        similarity.tensors.isEmpty ? .nothingComparable : .matricesTooSmall(coverage: similarity.comparedShare))
      isSilent = true
    }
  }

  /// Equal rows are alike: in all layers, or in some.
  private static func kin(_ test: RowShiftTest, _ similarity: InPlaceSimilarity) -> RelationDecision {
    let score = Self.score(log10P: test.log10P)
    let layers = LayerKinship(similarity)
    guard layers.foreign.isEmpty || layers.kin.isEmpty else {
      return partial(kin: layers.kin, foreign: layers.foreign, score, test.log10P)
    }
    return RelationDecision(
      .derived, score,
      .rowsAlike(cosine: similarity.overall.cosine, coverage: similarity.comparedShare, log10P: test.log10P), test.log10P)
  }

  /// Some layers come from the foundation and others do not.
  static func partial(kin: Set<Int>, foreign: Set<Int>, _ score: Double, _ log10P: Double) -> RelationDecision {
    RelationDecision(
      .partial, score, .someLayers(derived: kin.sorted(), foreign: foreign.sorted(), log10P: log10P), log10P)
  }

  /// Equal rows are not alike, or by no more than a trace.
  private static func unlike(_ test: RowShiftTest, _ similarity: InPlaceSimilarity) -> RelationDecision {
    let low = otherScore(log10P: test.log10P)
    let coverage = similarity.comparedShare
    func insufficient(_ reason: RelationReason, isSilent: Bool) -> RelationDecision {
      var found = RelationDecision(.insufficient, low, reason, test.log10P)
      found.isSilent = isSilent
      return found
    }
    if test.log10P <= Verdict.Rule.log10Significance {
      return insufficient(.trace(excess: test.excess), isSilent: false)
    }
    if test.z <= -Verdict.Rule.deviationsAtSignificance, test.excess <= -Verdict.Rule.leastExcess {
      // The test detects only likeness, and unrelated models are not opposites.
      return insufficient(.oppositeRows(excess: test.excess), isSilent: false)
    }
    if Verdict.Rule.deviationsAtSignificance * test.nullSD > Verdict.Rule.excessToBeSeen {
      return insufficient(.lowPower(coverage: coverage), isSilent: true)
    }
    if (similarity.coverage ?? 0) < Verdict.Rule.leastCoverage { return insufficient(.lowCoverage(coverage), isSilent: true) }
    var found = RelationDecision(.independent, low, .rowsUnlike(coverage: coverage), test.log10P)
    found.caveats = [.storedCoordinatesOnly(layersInAnyOrder: similarity.order != nil)]
    return found
  }

  /// The token tables whose channels are alike beyond chance, significantly and by more than a trace.
  static func alikeTables(_ similarity: InPlaceSimilarity) -> [(role: String, test: RowShiftTest)] {
    similarity.tokenShifts.filter {
      $0.test.log10P <= Verdict.Rule.log10Significance && $0.test.excess >= Verdict.Rule.leastExcess
    }
  }

  /// e² / (e² + 36) for e = −log10 p: one half at the significance level of 10⁻⁶, 0.99 at 10⁻⁶⁰, and no two
  /// strengths of evidence tie.
  static func score(log10P: Double) -> Double {
    let (e, half) = (log10P * log10P, Verdict.Rule.log10Significance * Verdict.Rule.log10Significance)
    return e / (e + half)
  }

  /// The score of a pair that is not found to be related.
  static func otherScore(log10P: Double) -> Double { min(score(log10P: log10P), Verdict.Rule.mostOtherScore) }
}
