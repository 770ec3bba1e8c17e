import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bad input gets one clear line and the documented exit code, whichever command meets it.
@Suite struct FaultTests {
  private let aurora = Run.testdata + "aurora"

  private func expect(_ path: String, ends code: Int32, saying word: String, _ comment: Comment? = nil) {
    for run in [Run("inspect", path), Run("compare", path, aurora), Run("compare", aurora, path), Run("heatmap", aurora, path)] {
      #expect(run.exitCode == code, comment)
      #expect(run.line?.contains(word) == true, "\(run.line ?? "nothing said") lacks \(word)")
      #expect(run.line?.contains("\n") == false && !run.hasAnswer)
    }
  }

  @Test("a path where nothing is ends with 66")
  func missing() { expect("/nowhere/model", ends: 66, saying: "/nowhere/model") }

  @Test("an empty file ends with 65 and is named")
  func empty() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    try Data().write(to: URL(fileURLWithPath: path))
    expect(path, ends: 65, saying: "model.safetensors")
    expect(folder.path, ends: 65, saying: "model.safetensors")
  }

  @Test("an empty folder ends with 65")
  func emptyFolder() {
    let folder = TemporaryFolder()
    expect(folder.path, ends: 65, saying: folder.path)
  }

  @Test("a FIFO is refused and never waited for")
  func fifo() {
    let folder = TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    expect(path, ends: 65, saying: "model.safetensors")
  }

  @Test("a device is refused")
  func device() { expect("/dev/zero", ends: 65, saying: "/dev/zero") }

  @Test("a dangling link ends with 66")
  func dangling() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.path + "/gone")
    expect(path, ends: 66, saying: "model.safetensors")
  }

  @Test("a truncated shard ends with 65 and is named")
  func truncated() throws {
    let folder = TemporaryFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: Run.testdata + "aurora-chat") {
      var data = try #require(FileManager.default.contents(atPath: Run.testdata + "aurora-chat/" + name))
      if name.hasPrefix("model-00002") { data.removeLast(100) }
      try data.write(to: URL(fileURLWithPath: folder.path + "/" + name))
    }
    expect(folder.path, ends: 65, saying: "model-00002-of-00004.safetensors")
  }

  @Test("an output that cannot be written ends with 74 before any work")
  func unwritable() {
    for path in ["/nowhere/out.csv", Run.testdata] {
      let outcome = CommandLineEntry.run(["heatmap", aurora, aurora, "-o", path])
      #expect(outcome.exitCode == 74)
      #expect(outcome.line?.contains(path) == true)
    }
  }

  @Test("an empty path is told as such")
  func emptyPath() throws {
    expect("", ends: 66, saying: "the path of a model is empty")
    let outcome = CommandLineEntry.run(["inspect", aurora, "-o", ""])
    #expect(outcome.exitCode == 74 && outcome.line?.contains("the name of the output file is empty") == true)
  }

  @Test("a heatmap without a defined cell ends with 65 and says why")
  func undefinedHeatmap() throws {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    builder.add("model.layers.0.mlp.up_proj.weight", .f32, shape: [176, 64], floats: Array(repeating: 0, count: 176 * 64))
    let zeros = try builder.write(to: folder)
    let run = Run("heatmap", zeros, aurora)
    #expect(run.exitCode == 65 && run.line?.contains("no cosine is defined") == true && !run.hasAnswer)
    var narrow = SafetensorsBuilder()
    narrow.add("model.layers.0.mlp.up_proj.weight", .f32, shape: [10, 8], floats: Array(repeating: 1, count: 80))
    let other = Run("heatmap", try narrow.write(to: folder, as: "narrow.safetensors"), aurora)
    #expect(other.exitCode == 65 && other.line?.contains("with the role and shape of a matrix of the other model") == true)
  }

  @Test("an output that is a link is written to where it leads, and a file is replaced as a whole")
  func linkedOutput() throws {
    let folder = TemporaryFolder()
    let path = try folder.write(
      "an older and longer text than the new one" + String(repeating: ".", count: 100_000), to: "real.csv")
    try folder.link("link.csv", to: "real.csv")
    #expect(CommandLineEntry.run(["heatmap", aurora, aurora, "-o", folder.path + "/link.csv"]).exitCode == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link.csv") == "real.csv")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix(",0,1,2,3\n") && text.count < 1000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }

  @Test("two outputs of one run need two names")
  func sameOutput() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/x.csv"
    let outcome = CommandLineEntry.run(["compare", aurora, aurora, "--heatmap", path, "-o", path])
    #expect(
      outcome.exitCode == 74 && outcome.line == path + ": two outputs would be written to this file; choose different names")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("an output never overwrites a model")
  func overwrite() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    try FileManager.default.copyItem(atPath: aurora + "/model.safetensors", toPath: path)
    let before = FileManager.default.contents(atPath: path)
    let outcome = CommandLineEntry.run(["inspect", path, "-o", path])
    #expect(outcome.exitCode == 74)
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test("a failed run leaves no half-written file behind")
  func leftovers() throws {
    let folder = TemporaryFolder()
    _ = CommandLineEntry.run(["heatmap", aurora, Run.testdata + "nova", "--role", "no_such_role", "-o", folder.path + "/x.csv"])
    _ = CommandLineEntry.run(["compare", aurora, aurora, "--heatmap", "/nowhere/x.csv", "-o", folder.path + "/x.txt"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
