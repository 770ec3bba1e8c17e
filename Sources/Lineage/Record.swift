package import Records
import WeightSimilarity

extension Verdict {
  /// Everything in it but the reason and the evidence, to be kept; `init(record:)` gives `brief` back, to the bit.
  package var record: [UInt8] {
    var out = RecordWriter()
    write(to: &out)
    return out.bytes
  }

  /// Adds everything in it but the reason and the evidence to a record.
  package func write(to out: inout RecordWriter) {
    out.add(relation.rawValue)
    out.add(score)
    for number in [coverage, cosine, alignedCosine, closeness?.toCandidate, closeness?.toFoundation, log10P] { out.add(number) }
    out.add(each: rewrites) { $0.add($1.rawValue) }
    out.add(each: tuning) { $1.write(to: &$0) }
    out.add(each: caveats) { $1.write(to: &$0) }
  }

  /// The verdict that gave this record; nil when none did, or one that no comparison comes to.
  package init?(record: [UInt8]) {
    var reader = RecordReader(record)
    self.init(from: &reader)
    guard reader.isAtEnd else { return nil }
  }

  /// The verdict that comes next in a record; nil when none does, or one that no comparison comes to.
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
