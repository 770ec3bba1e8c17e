import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct OutputFormatTests {
  private let models = [Run.testdata + "aurora-chat", Run.testdata + "aurora"]

  /// What a command writes into a file of this name.
  private func written(_ arguments: [String], _ name: String) throws -> String {
    let folder = TemporaryFolder()
    let outcome = CommandLineEntry.run(arguments + ["-o", folder.path + "/" + name])
    #expect(outcome.exitCode == 0, "\(outcome.line ?? "")")
    return try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  private static let beginnings = [
    "x.json": "{", "x.CSV": "candidate,", "x.md": "# ", "x.html": "<!DOCTYPE html>", "x.txt": "derived\n", "x.out": "derived\n",
    "json": "derived\n",
  ]

  @Test("the ending of the output chooses the format of compare", arguments: beginnings.keys.sorted())
  func endings(name: String) throws {
    let beginning = try #require(Self.beginnings[name])
    #expect(try written(["compare"] + models, name).hasPrefix(beginning))
    #expect(try written(["compare"] + models + ["--format", "json"], name).hasPrefix("{"))
  }

  @Test("so it does of every other command")
  func commands() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat"] { try folder.link(name, to: Run.testdata + name) }
    let collection = [folder.path, "--depth", "quick"]
    #expect(try written(["inspect", models[1]], "x.json").contains("unmask.inspect/1"))
    #expect(try written(["scan"] + collection, "x.json").contains("unmask.scan/1"))
    #expect(try written(["tree"] + collection, "x.dot").hasPrefix("digraph family {"))
    #expect(try written(["tree"] + collection, "x.mmd").hasPrefix("flowchart LR"))
    for (name, beginning) in ["x.json": "{", "x.md": "| ", "x.csv": ",0,", "x.txt": "cosine of", "x": ",0,", "x.svg": "<?xml"] {
      #expect(try written(["heatmap"] + models, name).hasPrefix(beginning), "\(name)")
    }
  }

  @Test("a heatmap refuses an ending that no format has, before it reads a model", arguments: ["x.pdf", "folder/x.jpeg"])
  func unknown(name: String) throws {
    let outcome = CommandLineEntry.run(["heatmap", "/nowhere", "/nowhere", "-o", name])
    #expect(outcome.exitCode == 64 && outcome.line?.contains("no format has the ending .") == true)
    #expect(try !written(["heatmap"] + models + ["--format", "csv"], "x.pdf").isEmpty)
  }

  @Test("names are whole in files and pipes")
  func whole() throws {
    let folder = TemporaryFolder()
    let long = ["one", "two"].map {
      String(repeating: "very-long-name-", count: 8) + $0 + String(repeating: "-of-a-model", count: 8)
    }
    for name in long { try folder.link(name, to: Run.testdata + (name.contains("one") ? "aurora" : "aurora-chat")) }
    for command in ["scan", "tree"] {
      let answer = Run(command, folder.path, "--depth", "quick").answer
      #expect(long.nonEmptyAllSatisfy { answer.contains($0) } && !answer.contains("…"))
    }
    let piped = try Child("$unmask scan '\(folder.path)' --depth quick | cat").output
    #expect(long.nonEmptyAllSatisfy { piped.contains($0) })
    let tensors = Run("compare", models[0], models[1], "--by", "tensor").answer
    #expect(tensors.contains("model.layers.3.post_attention_layernorm.weight") && !tensors.contains("…"))
  }

  @Test(
    "a heatmap in which nothing is alike says that a mask may be why", arguments: ["text", "markdown", "html", "svg", "json"])
  func blank(format: String) throws {
    let words = { (arguments: [String]) in
      let texts = Run(["heatmap"] + arguments + ["--format", format]).answer.split {
        $0 == " " || $0 == "\n" || $0 == "<" || $0 == ">"
      }
      return texts.joined(separator: " ")
    }
    let masked = [Run.testdata + "nova", Run.testdata + "aurora"]
    #expect(words(masked).contains("no two layers are similar"))
    #expect(!words(models).contains("no two layers are similar"))
    #expect(!words(masked + ["--metric", "aligned"]).contains("no two layers are similar"))
  }

  @Test("the note on a blank heatmap is on stderr, and not in CSV")
  func blankNote() throws {
    let child = try Child("$unmask heatmap $testdata/nova $testdata/aurora")
    #expect(child.exitCode == 0 && child.errors.hasPrefix("unmask: note: no two layers are similar"))
    #expect(child.errors.contains("--metric aligned") && !child.output.contains("alike"))
    #expect(try Child("$unmask heatmap $testdata/nova $testdata/aurora --quiet").errors.isEmpty)
  }
}
