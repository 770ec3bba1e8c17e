import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// Folders and tensors whose names are not what they seem.
@Suite struct HostileNameTests {
  private let folder = TemporaryFolder()

  private func model(_ name: String) throws {
    try folder.link("models/\(name)/model.safetensors", to: Run.testdata + "aurora/model.safetensors")
  }

  @Test("two folders whose names are canonically equivalent are two models")
  func equivalent() throws {
    for name in ["caf\u{E9}", "cafe\u{301}", "\u{301}x", "x"] { try model(name) }
    for format in ["json", "text", "csv", "markdown"] {
      let run = Run("scan", folder.path + "/models", "--format", format, "--depth", "quick")
      #expect(run.exitCode == 0)
      guard format == "json" else { continue }
      let ids = try #require(run.json["models"] as? [[String: Any]]).compactMap { $0["id"] as? String }
      #expect(ids.map { Array($0.utf8) } == ["cafe\u{301}", "caf\u{E9}", "x", "\u{301}x"].map { Array($0.utf8) })
      #expect((run.json["pairs"] as? [Any])?.count == 6)
      #expect((run.json["groups"] as? [[String]])?.first?.count == 4)
    }
  }

  @Test("an error line is one line, whatever the arguments")
  func arguments() {
    for arguments in [
      ["inspect", "a\nb\u{1B}[2J"], ["compare", "a", "b", "--x\u{202E}\n"],
      ["inspect", Run.testdata + "aurora", "-o", "/nowhere/\u{1B}\n"],
      ["scan", "\u{7}\n"], ["\u{1B}x\n"],
    ] {
      let outcome = CommandLineEntry.run(arguments)
      #expect(outcome.exitCode >= 64)
      let line = outcome.line ?? "\n"
      #expect(line.unicodeScalars.nonEmptyAllSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" }, "\(line.debugDescription)")
    }
  }

  @Test("an index cannot hide a way out of its folder behind a combining mark")
  func traversal() throws {
    try folder.link("\u{301}x.safetensors", to: Run.testdata + "aurora/model.safetensors")
    for way in [
      "../\u{301}x.safetensors", "a/../../\u{301}x.safetensors", "/\u{301}x.safetensors", "./\u{301}/../../\u{301}x.safetensors",
    ] {
      try folder.write("{\"weight_map\":{\"a\":\"\(way)\"}}", to: "inside/model.safetensors.index.json")
      let run = Run("inspect", folder.path + "/inside")
      #expect(run.exitCode == 65 && run.line?.contains("leads out of the folder") == true, "\(way): \(run.line ?? "opened")")
    }
  }

  @Test("a file whose name begins with a combining mark is opened like any other")
  func combining() throws {
    try folder.link("\u{301}x.safetensors", to: Run.testdata + "aurora/model.safetensors")
    #expect(Run("inspect", folder.path + "/\u{301}x.safetensors").exitCode == 0)
    let outcome = CommandLineEntry.run(["inspect", Run.testdata + "aurora", "-o", folder.path + "/\u{301}y.csv"])
    #expect(outcome.exitCode == 0 && FileManager.default.fileExists(atPath: folder.path + "/\u{301}y.csv"))
  }
}
