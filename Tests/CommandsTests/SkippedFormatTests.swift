import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct SkippedFormatTests {
  /// One model, and two folders with weights in other formats.
  private func folder() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    try folder.link("aurora", to: Run.testdata + "aurora")
    try folder.link("chat", to: Run.testdata + "aurora-chat")
    try folder.write("ONNX", to: "small/model-q4.onnx")
    try folder.write("ONNX", to: "small/model-q8.onnx")
    try folder.write("PK", to: "old/pytorch_model.bin")
    return folder
  }

  @Test("a scan and a tree name the folders whose weights are in another format", arguments: ["scan", "tree"])
  func named(command: String) throws {
    let folder = try folder()
    let arguments = [command, folder.path, "--depth", "quick"]
    let skipped = try #require(Run(arguments + ["--format", "json"]).json["skipped"] as? [[String: String]])
    #expect(skipped.map { $0["id"] } == ["old", "small"])
    #expect(skipped.map { $0["format"] } == ["a PyTorch pickle", "ONNX"])
    for format in ["text", "markdown", "html"] {
      let words = Run(arguments + ["--format", format]).answer.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("old (a PyTorch pickle), small (ONNX); convert them to safetensors"), "\(format)")
    }
    let child = try Child("$unmask \(command) '\(folder.path)' --depth quick -o out.txt")
    #expect(child.exitCode == 0 && child.errors.hasPrefix("unmask: note: not compared") && child.errors.contains("small (ONNX)"))
    #expect(try Child("$unmask \(command) '\(folder.path)' --depth quick --quiet -o out.txt").errors.isEmpty)
  }

  @Test("weights in another format beside a model are the same weights, and are not named")
  func beside() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "borealis"] {
      try folder.link(name + "/model.safetensors", to: Run.testdata + name + "/model.safetensors")
      try folder.write("PK", to: name + "/pytorch_model.bin")
    }
    #expect(Run("scan", folder.path, "--depth", "quick", "--format", "json").json["skipped"] == nil)
  }

  @Test("a folder with nothing but other formats says which")
  func nothingElse() throws {
    let folder = TemporaryFolder()
    try folder.write("ONNX", to: "m/m.onnx")
    let run = Run("scan", folder.path)
    #expect(run.exitCode == 65 && run.line?.contains("the weights are stored as ONNX, a format that is not supported") == true)
  }
}
