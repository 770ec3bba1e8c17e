package import WeightSimilarity

/// Verdicts by number, compact enough for the two million of a scan of two thousand models. It keeps relation, figures, rewrites,
/// tuning and caveats, to the bit. It leaves out the reason and the evidence; a comparison of the pair gives them.
///
/// ```swift
/// var table = VerdictTable(count: 3)
/// table[1] = verdict
/// table[1] == verdict.brief     // true
/// ```
///
/// Memory: 72 bytes a number. Equal facts are stored once for all verdicts.
package struct VerdictTable: Sendable {
  private struct Row: Sendable {
    /// Nil if there is no verdict.
    var relation: Relation?
    var facts: Int32 = 0
    var score = 0.0
    /// NaN means undefined; no figure is NaN.
    var coverage = Double.nan
    var cosine = Double.nan
    var alignedCosine = Double.nan
    var log10P = Double.nan
    var toCandidate = Double.nan
    var toFoundation = Double.nan
  }
  private struct Facts: Hashable, Sendable {
    var rewrites: [Rewrite] = []
    var tuning: [TuningFact] = []
    var caveats: [Caveat] = []
  }

  private var rows: [Row]
  private var facts = [Facts()]
  private var numbers: [Facts: Int32] = [Facts(): 0]

  /// A table without a verdict for any of 0 ..< `count`.
  package init(count: Int) { rows = Array(repeating: Row(), count: count) }

  /// The number of possible verdicts.
  package var count: Int { rows.count }

  /// The verdict of a number, `brief`; nil if there is none. O(1).
  package subscript(number: Int) -> Verdict? {
    get {
      let row = rows[number]
      guard let relation = row.relation else { return nil }
      let facts = facts[Int(row.facts)]
      return Verdict(
        relation: relation, score: row.score, coverage: Self.defined(row.coverage), cosine: Self.defined(row.cosine),
        alignedCosine: Self.defined(row.alignedCosine), closeness: closeness(number), log10P: Self.defined(row.log10P),
        rewrites: facts.rewrites, tuning: facts.tuning, reason: nil, evidence: [], caveats: facts.caveats)
    }
    set {
      guard let verdict = newValue else {
        rows[number].relation = nil
        return
      }
      rows[number] = Row(
        relation: verdict.relation, facts: position(of: verdict), score: verdict.score, coverage: verdict.coverage ?? .nan,
        cosine: verdict.cosine ?? .nan, alignedCosine: verdict.alignedCosine ?? .nan, log10P: verdict.log10P ?? .nan,
        toCandidate: verdict.closeness?.toCandidate ?? .nan, toFoundation: verdict.closeness?.toFoundation ?? .nan)
    }
  }

  /// The relation of a verdict, without the rest of it. O(1).
  package func relation(_ number: Int) -> Relation? { rows[number].relation }

  /// The score of a verdict; 0 if there is none. O(1).
  package func score(_ number: Int) -> Double { rows[number].score }

  /// Whether a verdict has a cosine in the foundation's coordinates. O(1).
  func isMasked(_ number: Int) -> Bool { !rows[number].alignedCosine.isNaN }

  /// The closeness of a verdict. O(1).
  package func closeness(_ number: Int) -> Closeness? {
    let row = rows[number]
    guard let own = Self.defined(row.toCandidate), let other = Self.defined(row.toFoundation) else { return nil }
    return Closeness(toCandidate: own, toFoundation: other)
  }

  private static func defined(_ value: Double) -> Double? { value.isNaN ? nil : value }

  private mutating func position(of verdict: Verdict) -> Int32 {
    guard !(verdict.rewrites.isEmpty && verdict.tuning.isEmpty && verdict.caveats.isEmpty) else { return 0 }
    let own = Facts(rewrites: verdict.rewrites, tuning: verdict.tuning, caveats: verdict.caveats)
    if let known = numbers[own] { return known }
    let number = Int32(facts.count)
    facts.append(own)
    numbers[own] = number
    return number
  }
}

extension Verdict {
  /// This verdict without the reason and the evidence.
  package var brief: Verdict {
    Verdict(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: alignedCosine, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, reason: nil, evidence: [], caveats: caveats)
  }

  /// The verdict with the two models exchanged, for models with equal shapes; nil if part of it is about one side alone. The null
  /// distribution stays that of the original order: a comparison of the exchanged pair draws another one.
  package var turned: Verdict? {
    guard alignedCosine == nil, rewrites.isEmpty, tuning.isEmpty, caveats.isEmpty else { return nil }
    var turned = self
    turned.closeness = closeness.map { Closeness(toCandidate: $0.toFoundation, toFoundation: $0.toCandidate) }
    return turned
  }

  /// This verdict with one more caveat.
  package func adding(_ caveat: Caveat) -> Verdict {
    Verdict(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: alignedCosine, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, reason: reason, evidence: evidence, caveats: caveats + [caveat])
  }

  /// The verdict on two models that were not compared.
  package static func notCompared(_ caveat: Caveat) -> Verdict {
    Verdict(
      relation: .insufficient, score: 0, coverage: nil, cosine: nil, log10P: nil, rewrites: [], tuning: [], reason: .notCompared,
      evidence: [], caveats: [caveat])
  }
}
