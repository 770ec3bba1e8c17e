import Lineage
import ModelAnatomy
import TestKit
import Testing

@testable import Unmask
@testable import WeightSimilarity
import Threads

@Suite struct ScanWorkTests {
  /// Copies of the small family under several names, so that there are seven models of one anatomy.
  private func folder() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, original) in [
      ("a", "aurora"), ("b", "aurora-lora"), ("c", "borealis"), ("d", "aurora-lora"), ("e", "aurora"), ("f", "borealis"),
      ("g", "aurora-lora"),
    ] { try folder.link(name + "/model.safetensors", to: testdata + original + "/model.safetensors") }
    return folder
  }

  @Test(
    "with fewer models a pass than there are, every pair is still finished once, with the same verdict", arguments: [2, 3, 4])
  func blocks(most: Int) throws {
    let folder = try folder()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let findings = try [most, 256].map { most in
      let work = ScanWork(collection, depth: .quick, limits: ScanLimits(mostModels: most), RunSettings(threads: 2))
      try work.compareAll()
      #expect(work.results.finished == 21)
      return work.results.findings.pairs
    }
    #expect(findings[0] == findings[1] && findings[0].count == 21)
  }

  /// Three models of one anatomy, two of them kin.
  private func three() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-lora", "borealis"] {
      try folder.link(name + "/model.safetensors", to: testdata + name + "/model.safetensors")
    }
    return folder
  }

  @Test("the pass of a scan reads each model once, however many pairs it has")
  func readOnce() throws {
    let folder = try three()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let work = ScanWork(collection, depth: .quick, RunSettings(threads: 2))
    try work.compareAll()
    let all = collection.models.reduce(0) { $1.anatomy.weights.reduce($0) { $0 + $1.storedBytes } }
    #expect(work.progress.total == all && work.progress.done == all && work.results.finished == 3)
  }

  @Test("what is not kept layer by layer is read again for pairs that are looked at, with the same verdicts")
  func parts() throws {
    let folder = try three()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let findings = try [1, 1 << 40].map { least in
      let limits = ScanLimits(leastBytesKept: least)
      let work = ScanWork(collection, depth: .standard, limits: limits, jobs: 2, RunSettings(threads: 2))
      try work.compareAll()
      return work.results.findings.pairs
    }
    #expect(findings[0].map(\.verdict.relation) == findings[1].map(\.verdict.relation) && findings[0].count == 3)
    #expect(findings[0].contains { $0.verdict.relation.isKinship } && findings[0].contains { !$0.verdict.relation.isKinship })
  }
}
