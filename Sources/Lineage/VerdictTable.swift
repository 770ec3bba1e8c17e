public import WeightSimilarity

/// Verdicts by number, as a scan of two thousand models keeps two million of them: relation, figures, rewrites, tuning and warnings, to
/// the bit. The sentence and the evidence are left out; a comparison of the pair has them.
///
/// ```swift
/// var table = VerdictTable(count: 3)
/// table[1] = verdict
/// table[1] == verdict.brief     // true
/// ```
///
/// Memory: 72 bytes a number, and the texts once for all verdicts that have the same.
public struct VerdictTable: Sendable {
  private struct Row: Sendable {
    /// Nil where there is no verdict.
    var relation: Relation?
    var texts: Int32 = 0
    var score = 0.0
    /// What is undefined is NaN, which no figure is.
    var coverage = Double.nan
    var cosine = Double.nan
    var alignedCosine = Double.nan
    var log10P = Double.nan
    var toCandidate = Double.nan
    var toFoundation = Double.nan
  }
  private struct Texts: Hashable, Sendable {
    var rewrites: [String]
    var tuning: [String]
    var warnings: [String]
  }

  private var rows: [Row]
  private var texts = [Texts(rewrites: [], tuning: [], warnings: [])]
  private var places: [Texts: Int32] = [Texts(rewrites: [], tuning: [], warnings: []): 0]

  /// No verdict for any of 0 ..< `count`.
  public init(count: Int) { rows = Array(repeating: Row(), count: count) }

  /// Numbers that may have a verdict.
  public var count: Int { rows.count }

  /// The verdict of a number, `brief`; nil where there is none. O(1).
  public subscript(number: Int) -> Verdict? {
    get {
      let row = rows[number]
      guard let relation = row.relation else { return nil }
      let texts = texts[Int(row.texts)]
      return Verdict(
        relation: relation, score: row.score, coverage: Self.defined(row.coverage), cosine: Self.defined(row.cosine),
        alignedCosine: Self.defined(row.alignedCosine), closeness: closeness(number), log10P: Self.defined(row.log10P),
        rewrites: texts.rewrites, tuning: texts.tuning, summary: "", evidence: [], warnings: texts.warnings)
    }
    set {
      guard let verdict = newValue else {
        rows[number].relation = nil
        return
      }
      rows[number] = Row(
        relation: verdict.relation, texts: place(of: verdict), score: verdict.score, coverage: verdict.coverage ?? .nan,
        cosine: verdict.cosine ?? .nan, alignedCosine: verdict.alignedCosine ?? .nan, log10P: verdict.log10P ?? .nan,
        toCandidate: verdict.closeness?.toCandidate ?? .nan, toFoundation: verdict.closeness?.toFoundation ?? .nan)
    }
  }

  /// The relation of a verdict, without the rest of it. O(1).
  public func relation(_ number: Int) -> Relation? { rows[number].relation }

  /// The score of a verdict; 0 where there is none. O(1).
  public func score(_ number: Int) -> Double { rows[number].score }

  /// Whether a verdict has a cosine in the foundation's coordinates. O(1).
  func isMasked(_ number: Int) -> Bool { !rows[number].alignedCosine.isNaN }

  /// The closeness of a verdict. O(1).
  public func closeness(_ number: Int) -> Closeness? {
    let row = rows[number]
    guard let own = Self.defined(row.toCandidate), let other = Self.defined(row.toFoundation) else { return nil }
    return Closeness(toCandidate: own, toFoundation: other)
  }

  private static func defined(_ value: Double) -> Double? { value.isNaN ? nil : value }

  private mutating func place(of verdict: Verdict) -> Int32 {
    guard !(verdict.rewrites.isEmpty && verdict.tuning.isEmpty && verdict.warnings.isEmpty) else { return 0 }
    let own = Texts(rewrites: verdict.rewrites, tuning: verdict.tuning, warnings: verdict.warnings)
    if let known = places[own] { return known }
    let place = Int32(texts.count)
    texts.append(own)
    places[own] = place
    return place
  }
}

extension Verdict {
  /// The same without the sentence and the evidence.
  public var brief: Verdict {
    Verdict(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: alignedCosine, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, summary: "", evidence: [], warnings: warnings)
  }

  /// The same with the warning that the pair was compared in place only, because `limit` others were compared in full.
  public func comparedInPlaceOnly(limit: Int) -> Verdict {
    Verdict(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: alignedCosine, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, summary: summary, evidence: evidence,
      warnings: warnings + ["compared in place only: " + Self.reason(ofLimit: limit)])
  }

  /// Of two models that were not compared at all, because `limit` others were compared in full.
  public static func notCompared(limit: Int) -> Verdict {
    Verdict(
      relation: .insufficient, score: 0, coverage: nil, cosine: nil, log10P: nil, rewrites: [], tuning: [],
      summary: "Not compared.", evidence: [], warnings: ["not compared: " + reason(ofLimit: limit)])
  }

  private static func reason(ofLimit limit: Int) -> String {
    "the limit of \(limit) full comparisons was reached (raise it with --max-comparisons)"
  }
}
