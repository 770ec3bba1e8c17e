import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct PictureTests {
  private let chat = Run.testdata + "aurora-chat"
  private let aurora = Run.testdata + "aurora"

  private func bytes(_ path: String) -> Data { FileManager.default.contents(atPath: path) ?? Data() }
  private func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

  @Test("--heatmap writes what its ending names, and --report a page beside the answer")
  func endings() {
    let folder = TemporaryFolder()
    for (name, start) in [("m.csv", ",0,1,2,3\n"), ("m.svg", "<?xml"), ("M.SVG", "<?xml"), ("m.png", "\u{FFFD}PNG")] {
      let run = Run("compare", chat, aurora, "--heatmap", folder.path + "/" + name)
      #expect(run.exitCode == 0 && run.answer.hasPrefix("derived") && text(folder.path + "/" + name).hasPrefix(start))
    }
    let report = folder.path + "/r.html"
    #expect(Run("compare", chat, aurora, "--report", report, "--format", "json").relation == "derived")
    #expect(text(report).hasPrefix("<!DOCTYPE html>") && text(report).contains("Every layer with every layer"))
    #expect(text(report) == Run("compare", chat, aurora, "--format", "html").answer)
  }

  @Test("a report has both content hashes, and the date that was given")
  func handedOver() throws {
    let page = Run("compare", chat, aurora, "--format", "html", "--date", "2026-11-30").answer
    for model in [chat, aurora] {
      let hash = try #require(Run("inspect", model, "--hash", "--format", "json").json["sha256"] as? String)
      #expect(page.contains(hash))
    }
    #expect(page.contains("<td class=\"long\">2026-11-30</td>") && page.contains("<td class=\"long\">unmask compare "))
    #expect(Run("compare", chat, aurora, "--format", "html").answer.contains("not given (--date)"))
  }

  @Test("scan and tree have depth and, where requested, content hashes in their documents")
  func facts() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat"] { try folder.link("models/" + name, to: Run.testdata + name) }
    let hash = try #require(Run("inspect", aurora, "--hash", "--format", "json").json["sha256"] as? String)
    for command in ["scan", "tree"] {
      let hashed = Run(command, folder.path + "/models", "--format", "json", "--hash", "--depth", "quick").json
      let models = try #require(hashed["models"] as? [[String: Any]])
      #expect(hashed["depth"] as? String == "quick" && models.first?["sha256"] as? String == hash)
      let plain = Run(command, folder.path + "/models", "--format", "json").json
      #expect(plain["depth"] as? String == "standard" && (plain["models"] as? [[String: Any]])?.first?["sha256"] is NSNull)
    }
  }

  @Test("pictures and pages are the same bytes with any number of threads")
  func threads() {
    for arguments in [["compare", chat, aurora, "--format", "html"], ["heatmap", chat, aurora, "--format", "svg"]] {
      let runs = ["1", "7"].map { Run(arguments + ["--threads", $0]).answer }
      #expect(runs[0] == runs[1] && runs[0].count > 5000)
    }
  }

  @Test("what a report's picture shows is in the JSON document, when it was asked for")
  func carried() throws {
    let folder = TemporaryFolder()
    let with = Run("compare", chat, aurora, "--format", "json", "--report", folder.path + "/r.html")
    let matrix = try #require(with.json["layer_matrix"] as? [String: Any])
    #expect((matrix["cells"] as? [[Double]])?.count == 4 && matrix["candidate_layers"] as? [Int] == [0, 1, 2, 3])
    #expect(Run("compare", chat, aurora, "--format", "json").json["layer_matrix"] == nil)
  }

  @Test("heatmap writes what the name of its output ends in, and CSV for a name without an ending")
  func outputs() {
    let folder = TemporaryFolder()
    for (name, start) in [
      ("m.svg", "<?xml"), ("m.png", "\u{FFFD}PNG"), ("m.html", "<!DOCTYPE"), ("m.txt", "cosine of"), ("m", ",0,1"),
    ] {
      #expect(CommandLineEntry.run(["heatmap", chat, aurora, "-o", folder.path + "/" + name]).exitCode == 0)
      #expect(text(folder.path + "/" + name).hasPrefix(start), "\(name)")
    }
    let asked = folder.path + "/other.svg"
    #expect(CommandLineEntry.run(["heatmap", chat, aurora, "--format", "csv", "-o", asked]).exitCode == 0)
    #expect(text(asked).hasPrefix(",0,1"), "what was asked for comes before what the name says")
  }

  @Test("a drawing in characters has a shade for each layer and the figures where they fit")
  func drawing() {
    let lines = Run("heatmap", chat, aurora, "--format", "text").answer.split(separator: "\n").map(String.init)
    #expect(lines[1...4] == ["0 ██      ", "1   ██    ", "2     ██  ", "3       ██"])
    #expect(lines.contains { $0.hasPrefix("layer") } && lines.nonEmptyAllSatisfy { $0.count <= 80 })
  }

  @Test("a scan's matrix and page")
  func scan() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat", "borealis"] { try folder.link("models/" + name, to: Run.testdata + name) }
    let (map, page) = (folder.path + "/s.svg", folder.path + "/s.html")
    let run = Run("scan", folder.path + "/models", "--heatmap", map, "--report", page, "--format", "csv")
    #expect(run.exitCode == 0 && run.answer.hasPrefix("candidate,"))
    #expect(text(map).contains("aurora-chat · aurora: 0.99") && text(page).contains("family (2): aurora, aurora-chat"))
    #expect(text(page) == Run("scan", folder.path + "/models", "--format", "html").answer)
  }

  @Test("inspect writes a page")
  func inspect() {
    let run = Run("inspect", aurora, "--format", "html", "--tensors")
    #expect(run.exitCode == 0 && run.answer.contains("<h2>Tensors</h2>") && run.answer.contains("kurtosis"))
  }

  @Test(
    "an ending that names no format, and a place of two outputs, are refused before the work",
    arguments: [
      (["--heatmap", "x.pdf"], 64), (["--report", "x.pdf"], 64), (["--report", "x"], 64), (["--heatmap", "/nowhere/x.svg"], 74),
      (["--report", "/nowhere/x.html"], 74),
    ] as [([String], Int32)])
  func refused(arguments: [String], code: Int32) {
    let run = Run(["compare", chat, aurora] + arguments)
    #expect(run.exitCode == code && !run.hasAnswer && run.line?.contains("\n") == false)
  }
}
