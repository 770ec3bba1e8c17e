import Foundation
import Lineage
import ModelAnatomy
import TestKit
import Testing
import Threads

@testable import Commands
@testable import WeightSimilarity

@Suite struct ScanWorkTests {
  /// Copies of the small family under several names, so that there are seven models of one anatomy.
  private func folder() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, original) in [
      ("a", "aurora"), ("b", "aurora-lora"), ("c", "borealis"), ("d", "aurora-lora"), ("e", "aurora"), ("f", "borealis"),
      ("g", "aurora-lora"),
    ] { try folder.link(name + "/model.safetensors", to: Run.testdata + original + "/model.safetensors") }
    return folder
  }

  @Test("the verdict on a pair is the one of compare", arguments: ["quick", "standard"])
  func likeCompare(depth: String) throws {
    let folder = try folder()
    let run = Run("scan", folder.path, "--format", "json", "--depth", depth)
    let pairs = try #require(run.json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 21)
    for pair in pairs where ["a", "b"].contains(pair["foundation"] as? String) {
      let names = [pair["candidate"], pair["foundation"]].compactMap { $0 as? String }
      let own = Run("compare", folder.path + "/" + names[0], folder.path + "/" + names[1], "--format", "json", "--depth", depth)
        .verdict
      for key in ["relation", "score", "log10_p", "coverage"] {
        #expect("\(pair[key] ?? "none")" == "\(own[key] ?? "none")", "\(names) \(key)")
      }
      #expect(abs(try #require(pair["cosine"] as? Double) - (try #require(own["cosine"] as? Double))) < 1e-6)
    }
  }

  @Test(
    "with fewer models a pass than there are, every pair is still finished once, with the same verdict", arguments: [2, 3, 4])
  func blocks(most: Int) throws {
    let folder = try folder()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let findings = [most, 256].map { most in
      let results = ScanResults(of: collection)
      let work = ScanWork(collection, depth: .quick, limits: ScanLimits(mostModels: most))
      work.run(into: results, workers: Workers(threads: 2), jobs: 1, progress: Progress(total: work.bytes))
      #expect(results.finished == 21)
      return results.findings.pairs
    }
    #expect(findings[0] == findings[1] && findings[0].count == 21)
  }

  /// Three models of one anatomy, two of them kin.
  private func three() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-lora", "borealis"] {
      try folder.link(name + "/model.safetensors", to: Run.testdata + name + "/model.safetensors")
    }
    return folder
  }

  @Test("the pass of a scan reads each model once, however many pairs it has")
  func readOnce() throws {
    let folder = try three()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let results = ScanResults(of: collection)
    let work = ScanWork(collection, depth: .quick)
    let progress = Progress(total: work.bytes)
    work.run(into: results, workers: Workers(threads: 2), jobs: 1, progress: progress)
    let all = collection.models.reduce(0) { $1.anatomy.weights.reduce($0) { $0 + $1.storedBytes } }
    #expect(work.bytes == all && progress.done == all && results.finished == 3)
  }

  @Test("what is not kept layer by layer is read again for pairs that are looked at, with the same verdicts")
  func parts() throws {
    let folder = try three()
    let collection = try ModelCollection(folders: [folder.path], against: [])
    let findings = [1, 1 << 40].map { least in
      let results = ScanResults(of: collection)
      let work = ScanWork(collection, depth: .standard, limits: ScanLimits(leastBytesKept: least))
      work.run(into: results, workers: Workers(threads: 2), jobs: 2, progress: Progress(total: work.bytes))
      return results.findings.pairs
    }
    #expect(findings[0].map(\.verdict.relation) == findings[1].map(\.verdict.relation) && findings[0].count == 3)
    #expect(findings[0].contains { $0.verdict.relation.isKinship } && findings[0].contains { !$0.verdict.relation.isKinship })
  }

  @Test("beyond the bound copies are found to be copies, groups stay, and what was left says so")
  func bound() throws {
    let folder = try folder()
    let few = Run("scan", folder.path, "--format", "json", "--looks", "0")
    #expect(few.json["groups"] as? [[String]] == [["a", "b", "d", "e", "g"], ["c", "f"]])
    let pairs = try #require(few.json["pairs"] as? [[String: Any]])
    // Ten pairs of strangers; of the five pairs of copies four are looked at and connect all.
    #expect(pairs.count == 21 && few.json["not_looked_at"] as? Int == 10)
    #expect(pairs.count { $0["relation"] as? String == "identical" } == 5)
    let text = Run("scan", folder.path, "--looks", "0").answer
    #expect(text.contains("10 pairs of different families were not looked at"))
  }

  @Test("closeness of a masked copy is the one that compare prints, cosine in the foundation's coordinates times coverage")
  func masked() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat", "masked"] { try folder.link(name, to: Run.testdata + name) }
    let run = Run("scan", folder.path, "--format", "json")
    let pairs = try #require(run.json["pairs"] as? [[String: Any]])
    #expect(pairs.contains { ($0["aligned_cosine"] as? Double ?? 0) > 0.9 })
    let nearest = try #require(run.json["nearest"] as? [[String: Any]])
    for pair in pairs {
      let (candidate, foundation) = (pair["candidate"] as? String ?? "", pair["foundation"] as? String ?? "")
      let own = Run("compare", "\(folder.path)/\(candidate)", "\(folder.path)/\(foundation)", "--format", "json")
      #expect("\(pair["aligned_cosine"] ?? "none")" == "\(own.verdict["aligned_cosine"] ?? "none")")
      guard let row = nearest.first(where: { $0["candidate"] as? String == candidate && $0["nearest"] as? String == foundation })
      else {
        continue
      }
      let cosine = try #require(own.verdict["aligned_cosine"] as? Double ?? own.verdict["cosine"] as? Double)
      let coverage = try #require(own.verdict["coverage"] as? Double)
      #expect(abs(try #require(row["closeness"] as? Double) - cosine * coverage) < 1e-6)
    }
  }
}
