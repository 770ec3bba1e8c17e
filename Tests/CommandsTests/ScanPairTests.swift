import Foundation
import TestKit
import Testing
import Threads

@testable import Commands

@Suite struct ScanPairTests {
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

  @Test("beyond the bound copies are found to be copies, groups stay, and what was left says so")
  func bound() throws {
    let folder = try folder()
    let few = Run("scan", folder.path, "--format", "json", "--max-comparisons", "0")
    #expect(few.json["groups"] as? [[String]] == [["a", "b", "d", "e", "g"], ["c", "f"]])
    let pairs = try #require(few.json["pairs"] as? [[String: Any]])
    // Ten pairs of strangers; of the five pairs of copies four are looked at and connect all.
    #expect(pairs.count == 21 && few.json["not_looked_at"] as? Int == 10)
    #expect(pairs.count { $0["relation"] as? String == "identical" } == 5)
    let text = Run("scan", folder.path, "--looks", "0").answer
    // The former name of the option.
    #expect(text.contains("10 pairs of different families were not compared in full"))
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
