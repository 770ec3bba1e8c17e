import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct TreeTests {
  /// A folder with a family of testdata under names that say nothing, a stranger, a copy and, where asked for, a broken model.
  private func collection(broken: Bool = false) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    let models = [
      ("m1", "aurora-lora"), ("m2", "aurora-chat"), ("m3", "borealis"), ("m4", "aurora"), ("m5", "aurora-adapter"),
      ("m6", "variants/aurora-quantised"),
    ]
    // Two links to one folder would be one model.
    try FileManager.default.copyItem(atPath: Run.testdata + "aurora", toPath: folder.path + "/m7")
    for (name, source) in models {
      try folder.link(name, to: Run.testdata + source)
    }
    if broken { try folder.write("not a model", to: "broken/model.safetensors") }
    return folder
  }

  private func edges(_ run: Run) -> [String: [String: Any]] {
    Dictionary(
      (run.json["edges"] as? [[String: Any]] ?? []).map { ($0["child"] as? String ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
  }

  @Test("the small family has its base at the root, copies as one, what was made from it below, and the stranger apart")
  func family() throws {
    let folder = try collection()
    let run = Run("tree", folder.path, "--format", "json", "--depth", "quick", "--base", folder.path + "/m4")
    #expect(run.exitCode == 0)
    #expect(run.json["schema"] as? String == "unmask.tree/1")
    #expect(run.json["roots"] as? [String] == ["m4", "m3"])
    let nodes = try #require(run.json["nodes"] as? [[String: Any]])
    #expect(nodes.first { $0["id"] as? String == "m4" }?["copies"] as? [String] == ["m7"])
    let edges = edges(run)
    #expect(edges["m2"]?["parent"] as? String == "m4")
    #expect(edges["m6"]?["parent"] as? String == "m2" && edges["m6"]?["direction"] as? String == "parent to child")
    #expect(edges["m5"]?["parent"] as? String == "m4" && edges["m5"]?["direction"] as? String == "parent to child")
    // The adapter merged is the adapter's model but for rounding.
    #expect(edges["m1"]?["parent"] as? String == "m5" && edges["m1"]?["direction"] as? String == "parent to child")
    for edge in edges.values {
      let sum = ["confidence", "reverse", "neither"].compactMap { edge[$0] as? Double }.reduce(0, +)
      #expect(abs(sum - 1) < 1e-9)
      #expect((edge["evidence"] as? [Any])?.isEmpty == false)
    }
  }

  @Test("a scan says of each model what it comes from, and draws the tree that tree draws")
  func inScan() throws {
    let folder = try collection()
    let report = folder.path + "/scan.html"
    let arguments = [folder.path, "--format", "json", "--base", folder.path + "/m4"]
    let scan = Run(["scan"] + arguments + ["--report", report])
    let tree = Run(["tree"] + arguments)
    #expect(scan.exitCode == 0 && tree.exitCode == 0)
    let rows = try #require(scan.json["nearest"] as? [[String: Any]])
    for row in rows {
      let name = try #require(row["candidate"] as? String)
      let foundations = (row["foundations"] as? [[String: Any]])?.compactMap { $0["model"] as? String }
      #expect(foundations == (name == "m4" || name == "m7" ? [] : ["m4"]), "\(name)")
    }
    #expect(Set(rows.compactMap { $0["candidate"] as? String }) == ["m1", "m2", "m4", "m5", "m6", "m7"])
    let drawn = try #require(scan.json["tree"] as? [String: Any])
    for part in ["nodes", "roots", "edges"] {
      #expect(NSArray(array: drawn[part] as? [Any] ?? []) == NSArray(array: tree.json[part] as? [Any] ?? [1]), "\(part)")
    }
    #expect(try String(contentsOfFile: report, encoding: .utf8).contains("Which model descends from which"))
    // What was tuned is told from the parent's side, whichever of the two comes first by name.
    let edges = edges(tree)
    #expect((edges["m2"]?["tuning"] as? [String])?.first == "full finetuning of all matrices")
    #expect(edges["m2"]?["parent"] as? String == "m4")
    let text = Run("scan", folder.path, "--base", folder.path + "/m4").answer
    #expect(
      text.contains("foundation") && text.contains("full finetuning of all matrices") && text.contains("identical: m4 = m7"))
    // A journal of the one serves the other, and what comes from it is the same.
    let journal = ["--resume", folder.path + "/journal"]
    #expect(Run(["tree"] + arguments + journal).answer == tree.answer)
    #expect(Run(["scan"] + arguments + journal).answer == scan.answer)
    #expect(Run(["scan"] + arguments + journal + ["--threads", "1", "--jobs", "3"]).answer == scan.answer)
    // What was not asked for, and what one side of all pairs cannot tell.
    for more in [["--depth", "quick"], ["--against", folder.path + "/m4"]] {
      let run = Run(["scan"] + arguments + more)
      #expect(run.json["tree"] == nil)
      #expect((run.json["nearest"] as? [[String: Any]])?.nonEmptyAllSatisfy { $0["foundations"] is NSNull } == true)
    }
  }

  @Test("the answer is the same bytes with any number of threads and jobs, and from a journal")
  func deterministic() throws {
    let folder = try collection()
    let other = TemporaryFolder()
    let journal = other.path + "/journal"
    let arguments = ["tree", folder.path, "--format", "json", "--depth", "quick"]
    let one = Run(arguments + ["--threads", "1"])
    #expect(one.exitCode == 0 && !one.answer.isEmpty)
    #expect(Run(arguments + ["--threads", "3", "--jobs", "3", "--resume", journal]).answer == one.answer)
    #expect(Run(arguments + ["--resume", journal]).answer == one.answer)
  }

  @Test("every format names every model, and a broken one with its error ends with 65")
  func formats() throws {
    let folder = try collection(broken: true)
    let beginnings: [TreeFormat: String] = [
      .csv: "parent,child,directed,confidence,", .dot: "digraph family {", .mermaid: "flowchart LR\n", .html: "<!DOCTYPE html>",
      .json: "{\n  \"schema\": \"unmask.tree/1\"", .markdown: "# ",
    ]
    for format in TreeFormat.allCases {
      let run = Run("tree", folder.path, "--format", format.rawValue, "--depth", "quick", expecting: [65])
      #expect(run.exitCode == 65, "\(format)")
      #expect(run.answer.hasPrefix(beginnings[format] ?? ""), "\(format)")
      for name in ["m1", "m2", "m4", "m5", "m6"] { #expect(run.answer.contains(name), "\(format) \(name)") }
      if ![.dot, .mermaid].contains(format) { #expect(run.answer.contains("not valid") || run.answer.contains("broken")) }
    }
  }

  @Test("a report beside the answer, and wrong usage is refused before work starts")
  func usage() throws {
    let folder = try collection()
    let other = TemporaryFolder()
    let report = other.path + "/tree.html"
    #expect(Run("tree", folder.path, "--depth", "quick", "--report", report).exitCode == 0)
    #expect(try String(contentsOfFile: report, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(Run("tree", folder.path, "--report", "tree.txt").exitCode == 64)
    #expect(Run("tree").exitCode == 64)
    #expect(Run("tree", folder.path, "--jobs", "0").exitCode == 64)
    #expect(Run("tree", "/nowhere").exitCode == 66)
  }
}
