package import Records
import WeightSimilarity

extension Verdict {
  /// All fields except the reason and the evidence, for storage; `init(record:)` gives `brief` back, to the bit.
  package var record: [UInt8] {
    var out = RecordWriter()
    write(to: &out)
    return out.bytes
  }

  /// Adds all fields except the reason and the evidence to a record.
  package func write(to out: inout RecordWriter) {
    out.add(relation.rawValue)
    out.add(score)
    for number in [coverage, cosine, alignedCosine, closeness?.toCandidate, closeness?.toFoundation, log10P] { out.add(number) }
    out.add(each: rewrites) { $0.add($1.rawValue) }
    out.add(each: tuning) { $1.write(to: &$0) }
    out.add(each: caveats) { $1.write(to: &$0) }
  }

  /// The verdict behind this record; nil if it is not a verdict, or one that no comparison can give.
  package init?(record: [UInt8]) {
    var reader = RecordReader(record)
    self.init(from: &reader)
    guard reader.isAtEnd else { return nil }
  }

  /// Reads the next verdict from a record; nil if there is none, or one that no comparison can give.
  package init?(from reader: inout RecordReader) {
    guard let relation = reader.text().flatMap({ Relation(rawValue: $0) }), let score = reader.number(),
      let coverage = reader.optionalNumber(), let cosine = reader.optionalNumber(), let aligned = reader.optionalNumber(),
      let toCandidate = reader.optionalNumber(), let toFoundation = reader.optionalNumber(),
      let log10P = reader.optionalNumber(), let rewrites = reader.list({ $0.text().flatMap { Rewrite(rawValue: $0) } }),
      let tuning = reader.list({ TuningFact(from: &$0) }), let caveats = reader.list({ Caveat(from: &$0) }),
      (0...1).contains(score), coverage.map((0...1).contains) != false,
      [cosine, aligned, toCandidate, toFoundation, log10P].allSatisfy({ $0?.isFinite != false })
    else { return nil }
    let closeness = toCandidate.flatMap { own in toFoundation.map { Closeness(toCandidate: own, toFoundation: $0) } }
    self.init(
      relation: relation, score: score, coverage: coverage, cosine: cosine, alignedCosine: aligned, closeness: closeness,
      log10P: log10P, rewrites: rewrites, tuning: tuning, reason: nil, evidence: [], caveats: caveats)
  }
}
