import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct DirectionTests {
  /// A family whose base has the last name, so that the order of names is not that of descent, and a stranger.
  private func family() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, source) in [
      ("a", "aurora-lora"), ("b", "aurora-chat"), ("c", "borealis"), ("q", "variants/aurora-quantised"), ("z", "aurora"),
    ] { try folder.link(name, to: Run.testdata + source) }
    return folder
  }

  @Test("the pairs of a scan are in the order of descent where the tree has a direction, and say where it has none")
  func pairs() throws {
    let folder = try family()
    let json = Run("scan", folder.path, "--format", "json").json
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    let edges = try #require((json["tree"] as? [String: Any])?["edges"] as? [[String: Any]])
    let directed = edges.filter { $0["directed"] as? Bool == true }
    #expect(!directed.isEmpty)
    for edge in directed {
      let ends = [edge["child"], edge["parent"]].map { $0 as? String }
      let pair = try #require(pairs.first { Set([$0["candidate"] as? String, $0["foundation"] as? String]) == Set(ends) })
      #expect([pair["candidate"] as? String, pair["foundation"] as? String] == ends)
      #expect(pair["direction"] as? String == "foundation to candidate")
    }
    // One of them is not in the order of names.
    #expect(pairs.contains { ($0["candidate"] as? String ?? "") < ($0["foundation"] as? String ?? "") })
    let strange = pairs.filter { $0["candidate"] as? String == "c" || $0["foundation"] as? String == "c" }
    #expect(strange.count == 4 && strange.nonEmptyAllSatisfy { $0["direction"] is NSNull })
  }

  @Test("what is said of a turned pair is what compare says of it")
  func turned() throws {
    let folder = try family()
    let pairs = try #require(Run("scan", folder.path, "--format", "json").json["pairs"] as? [[String: Any]])
    let turned = pairs.filter { ($0["candidate"] as? String ?? "") < ($0["foundation"] as? String ?? "") }
    #expect(!turned.isEmpty)
    for pair in turned {
      let names = ["candidate", "foundation"].map { pair[$0] as? String ?? "" }
      let own = Run("compare", folder.path + "/" + names[0], folder.path + "/" + names[1], "--format", "json").verdict
      for key in ["relation", "coverage", "rewrites"] { #expect("\(pair[key] ?? "")" == "\(own[key] ?? "")", "\(names) \(key)") }
      #expect(abs(try #require(pair["cosine"] as? Double) - (try #require(own["cosine"] as? Double))) < 1e-6)
    }
  }

  @Test("the order is the same bytes from a journal, and with any number of jobs")
  func journal() throws {
    let folder = try family()
    let journal = TemporaryFolder().path + ".journal"
    let scan = ["scan", folder.path, "--format", "csv"]
    let answer = Run(scan).answer
    defer { try? FileManager.default.removeItem(atPath: journal) }
    #expect(answer.contains(",foundation to candidate\n"))
    #expect(Run(scan + ["--resume", journal, "--jobs", "3"]).answer == answer)
    #expect(Run(scan + ["--resume", journal, "--threads", "1"]).answer == answer)
  }

  @Test("tables of pairs say above them what their order means")
  func note() throws {
    let folder = try family()
    for format in ["text", "markdown", "html"] {
      let answer = Run("scan", folder.path, "--format", format).answer
      let words = answer.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("The order of the other pairs says nothing about which model came first"), "\(format)")
      #expect(answer.contains("←"))
    }
    #expect(
      Run("scan", folder.path, "--depth", "quick").answer.contains(
        "The order of a pair says nothing about which model came first.")
    )
  }

  @Test(
    "derived is said with the sentence that two models do not tell which came first",
    arguments: ["text", "markdown", "json", "html"])
  func statement(format: String) {
    let sentence = "The weights of two models do not say which of them came first"
    let words = { (candidate: String) in
      Run("compare", Run.testdata + candidate, Run.testdata + "aurora", "--format", format).answer
        .split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }
    #expect(words("aurora-chat").contains(sentence))
    #expect(!words("borealis").contains(sentence))
  }

  @Test("one edge has one relation and one direction in text, CSV and JSON")
  func edges() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "borealis", "aurora-chat"] { try folder.link(name, to: Run.testdata + name) }
    try TestModels.writeMixture(to: folder, as: "mixture")
    let tree = ["tree", folder.path, "--depth", "quick"]
    let edges = try #require(Run(tree + ["--format", "json"]).json["edges"] as? [[String: Any]])
    let rows = Run(tree + ["--format", "csv"]).answer.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(edges.count == rows.count && edges.count == 3)
    for (edge, row) in zip(edges, rows) {
      let isMixed = edge["child"] as? String == "mixture"
      #expect(edge["relation"] as? String == (isMixed ? "merged" : "derived"))
      #expect(row[6] == edge["relation"] as? String && row[2] == "\(edge["directed"] as? Bool ?? false)")
      #expect((edge["direction"] as? String ?? "") == row.last)
      #expect((edge["direction"] is NSNull) != (edge["directed"] as? Bool))
    }
    #expect(edges.count { $0["child"] as? String == "mixture" } == 2)
  }
}
