import Foundation
import Records
import TestKit
import Testing

@testable import Lineage
@testable import Unmask

@Suite struct JournalRecordTests {
  /// A verdict with these figures.
  private func verdict(
    score: Double = 0.5, coverage: Double? = 1, cosine: Double? = nil, aligned: Double? = nil, log10P: Double? = nil
  )
    -> Verdict
  {
    Verdict(
      relation: .derived, score: score, coverage: coverage, cosine: cosine, alignedCosine: aligned, log10P: log10P, rewrites: [],
      tuning: [], reason: nil, evidence: [], caveats: [])
  }

  @Test("a verdict that no comparison comes to is none, with the right checksum too")
  func nonsense() {
    let honest = verdict()
    #expect(Verdict(record: honest.record) == honest)
    let infinity = Double.infinity
    for wrong in [
      verdict(score: infinity), verdict(score: 2), verdict(coverage: infinity), verdict(cosine: infinity),
      verdict(aligned: infinity), verdict(log10P: infinity),
    ] { #expect(Verdict(record: wrong.record) == nil, "\(wrong)") }
    for relation in ["cousin", ""] {
      var record = RecordWriter()
      record.add(relation)
      #expect(Verdict(record: record.bytes + honest.record.dropFirst(1 + honest.relation.rawValue.utf8.count)) == nil)
    }
  }

  /// A mixture of model 2 from 0 and 1, as a record with one thing changed.
  private func mixture(
    candidate: Int = 2, residual: Double = 0, share: Double = 0.5, parents: [Int] = [0, 1], layer: [Double] = [0.5, 0.5]
  ) -> [UInt8] {
    var out = RecordWriter()
    out.add(candidate)
    out.add(Int?.none)
    out.add("linear")
    out.add(residual)
    out.add(true)
    out.add(each: parents) { out, model in
      out.add(model)
      out.add(share)
    }
    out.add(each: [layer]) { out, shares in
      out.add(Int?.none)
      out.add(each: shares) { $0.add($1) }
    }
    // No recipe.
    out.add(each: [Int]()) { $0.add($1) }
    return out.bytes
  }

  @Test("a mixture that makes no sense is none")
  func mixtures() {
    func read(_ record: [UInt8]) -> Mixture? {
      var reader = RecordReader(record)
      return Mixture(from: &reader, models: 3)
    }
    #expect(read(mixture()) != nil)
    for wrong in [
      mixture(candidate: 3), mixture(residual: .infinity), mixture(residual: -1), mixture(share: .infinity),
      mixture(parents: [0, 3]), mixture(layer: [0.5]), mixture(layer: [.infinity, 0.5]),
    ] { #expect(read(wrong) == nil) }
  }

  @Test("a verdict comes back from its record to the bit, whatever is in its texts")
  func records() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-lora", "borealis"] { try folder.link("models/" + name, to: testdata + name) }
    let collection = try ModelCollection(folders: [folder.path(of: "models")], against: [])
    let work = ScanWork(collection, depth: .quick, RunSettings(threads: 2))
    try work.compareAll()
    let pairs = work.results.findings.pairs
    #expect(pairs.count == 3)
    for pair in pairs {
      let record = pair.verdict.record
      #expect(Verdict(record: record) == pair.verdict)
      #expect(Verdict(record: record.dropLast()) == nil && Verdict(record: record + [0]) == nil)
    }
  }
}
