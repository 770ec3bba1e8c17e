import WeightSimilarity

/// A value as a list of texts, and back: for files that keep results. Numbers keep every bit.
struct RecordReader {
  private var texts: ArraySlice<String>

  init(_ texts: [String]) { self.texts = texts[...] }

  var isAtEnd: Bool { texts.isEmpty }

  mutating func text() -> String? { texts.popFirst() }

  mutating func integer() -> Int? { text().flatMap { Int($0) } }

  mutating func number() -> Double? { text().flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) } }

  /// A number or, from `-`, none; nil when it is neither.
  mutating func optional() -> Double?? {
    guard let text = text() else { return nil }
    if text == "-" { return .some(nil) }
    return UInt64(text, radix: 16).map { .some(Double(bitPattern: $0)) }
  }

  /// A count and as many values.
  mutating func list<Value>(_ read: (inout RecordReader) -> Value?) -> [Value]? {
    // Each value is at least one text: a count beyond them is wrong.
    guard let count = integer(), (0...texts.count).contains(count) else { return nil }
    var values: [Value] = []
    for _ in 0..<count {
      guard let value = read(&self) else { return nil }
      values.append(value)
    }
    return values
  }

  static func record(_ value: Double) -> String { String(value.bitPattern, radix: 16) }
  static func record(_ value: Double?) -> String { value.map { record($0) } ?? "-" }
  static func record(_ texts: [String]) -> [String] { [String(texts.count)] + texts }
}

extension Verdict {
  /// Everything in it, to be kept; `init(record:)` gives the same verdict back, to the bit.
  public var record: [String] {
    let numbers = [score, coverage, cosine, alignedCosine, closeness?.toCandidate, closeness?.toFoundation, log10P].map {
      RecordReader.record($0)
    }
    let tests = evidence.flatMap { test in
      [test.test] + [test.value, test.nullMean, test.nullSD, test.log10P].map { RecordReader.record($0) } + [String(test.draws)]
    }
    return [relation.rawValue] + numbers + [summary] + [rewrites, tuning, warnings].flatMap { RecordReader.record($0) }
      + [String(evidence.count)] + tests
  }

  /// The verdict that gave this record; nil when none did, or one that no comparison comes to.
  public init?(record: [String]) {
    var reader = RecordReader(record)
    guard let relation = reader.text().flatMap({ Relation(rawValue: $0) }), let score = reader.number(),
      let coverage = reader.optional(), let cosine = reader.optional(), let aligned = reader.optional(),
      let toCandidate = reader.optional(), let toFoundation = reader.optional(), let log10P = reader.optional(),
      let summary = reader.text(),
      let rewrites = reader.list({ $0.text() }), let tuning = reader.list({ $0.text() }),
      let warnings = reader.list({ $0.text() }), let evidence = reader.list({ Evidence(from: &$0) }), reader.isAtEnd,
      (0...1).contains(score), coverage.map((0...1).contains) != false,
      [cosine, aligned, toCandidate, toFoundation, log10P].allSatisfy({ $0?.isFinite != false })
    else { return nil }
    let closeness = toCandidate.flatMap { own in toFoundation.map { Closeness(toCandidate: own, toFoundation: $0) } }
    self.init(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: aligned, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning,
      summary: summary, evidence: evidence, warnings: warnings)
  }
}

extension Evidence {
  fileprivate init?(from reader: inout RecordReader) {
    guard let test = reader.text(), let value = reader.number(), let mean = reader.number(), let sd = reader.number(),
      let log10P = reader.number(), let draws = reader.integer()
    else { return nil }
    self.init(test: test, value: value, nullMean: mean, nullSD: sd, draws: draws, log10P: log10P)
  }
}
