import WeightSimilarity

/// Reads a value back from the list of texts that a journal keeps of it. Numbers keep every bit.
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
  static func record(_ numbers: [Int]) -> [String] { record(numbers.map { String($0) }) }
  static func record(facts: [[String]]) -> [String] { [String(facts.count)] + facts.flatMap { $0 } }
}

extension Verdict {
  /// Everything in it but the reason and the evidence, to be kept; `init(record:)` gives the same verdict back as `brief`, to the bit.
  public var record: [String] {
    let numbers = [score, coverage, cosine, alignedCosine, closeness?.toCandidate, closeness?.toFoundation, log10P].map {
      RecordReader.record($0)
    }
    return [relation.rawValue] + numbers + RecordReader.record(rewrites.map(\.rawValue))
      + RecordReader.record(facts: tuning.map(\.record))
      + RecordReader.record(facts: caveats.map(\.record))
  }

  /// The verdict that gave this record; nil when none did, or one that no comparison comes to.
  public init?(record: [String]) {
    var reader = RecordReader(record)
    guard let relation = reader.text().flatMap({ Relation(rawValue: $0) }), let score = reader.number(),
      let coverage = reader.optional(), let cosine = reader.optional(), let aligned = reader.optional(),
      let toCandidate = reader.optional(), let toFoundation = reader.optional(), let log10P = reader.optional(),
      let rewrites = reader.list({ $0.text().flatMap { Rewrite(rawValue: $0) } }),
      let tuning = reader.list({ TuningFact(from: &$0) }), let caveats = reader.list({ Caveat(from: &$0) }), reader.isAtEnd,
      (0...1).contains(score), coverage.map((0...1).contains) != false,
      [cosine, aligned, toCandidate, toFoundation, log10P].allSatisfy({ $0?.isFinite != false })
    else { return nil }
    let closeness = toCandidate.flatMap { own in toFoundation.map { Closeness(toCandidate: own, toFoundation: $0) } }
    self.init(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: aligned, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, reason: nil, evidence: [], caveats: caveats)
  }
}
