import Foundation
import TestKit
import Testing

@testable import Commands

/// The commands on GGUF files that the reference made of aurora (testdata/oracle/gguf_models.py).
@Suite struct GGUFCommandTests {
  private static let quantised = Run.testdata + "gguf/aurora-Q8_0.gguf"
  private static let split = Run.testdata + "gguf/aurora-Q4_0-00001-of-00002.gguf"

  @Test("a quantised file is derived from the model that it was made of, in place, and reports say how it is stored")
  func compare() throws {
    let run = Run("compare", Self.quantised, Run.testdata + "aurora", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(run.relation == "derived" && run.answer.contains("GGUF Q8_0") && run.verdict["coverage"] as? Double == 1)
    let layers = try #require(run.json["layers"] as? [[String: Any]])
    #expect(layers.count == 4 && layers.nonEmptyAllSatisfy { ($0["cosine"] as? Double ?? 0) > 0.9999 })
    let parts = Run("compare", Self.split, Self.quantised)
    #expect(parts.exitCode == 0 && parts.answer.hasPrefix("derived") && parts.answer.contains("GGUF Q4_0"))
  }

  @Test("a quantised file of another model is independent")
  func independent() {
    #expect(Run("compare", Self.quantised, Run.testdata + "borealis").answer.hasPrefix("independent"))
  }

  @Test("inspect, heatmap and tree take such files")
  func others() throws {
    let inspect = Run("inspect", Self.split, "--hash", "--format", "json")
    #expect(inspect.exitCode == 0 && inspect.answer.contains("GGUF Q4_0"))
    #expect(inspect.json["architecture"] as? String == "llama")
    #expect(Run("heatmap", Self.quantised, Run.testdata + "aurora", "--format", "csv").exitCode == 0)
    let folder = try family()
    let tree = Run("tree", folder.path, "--format", "json")
    #expect(tree.exitCode == 0)
  }

  @Test("a scan finds each file of a folder as a model, and one family with the full-precision model")
  func scan() throws {
    let folder = try family()
    let run = Run("scan", folder.path, "--format", "json")
    #expect(run.exitCode == 0)
    let ids = (run.json["models"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    #expect(ids == ["aurora", "borealis", "files/aurora-Q4_0-00001-of-00002.gguf", "files/aurora-Q8_0.gguf"])
    let groups = run.json["groups"] as? [[String]]
    #expect(groups == [["aurora", "files/aurora-Q4_0-00001-of-00002.gguf", "files/aurora-Q8_0.gguf"], ["borealis"]])
  }

  private func family() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for name in ["aurora", "borealis"] { try folder.link(name, to: Run.testdata + name) }
    for name in ["aurora-Q8_0.gguf", "aurora-Q4_0-00001-of-00002.gguf", "aurora-Q4_0-00002-of-00002.gguf"] {
      try folder.link("files/" + name, to: Run.testdata + "gguf/" + name)
    }
    return folder
  }

  @Test("a damaged file is one line", arguments: [0, 3, 24, 400, 5000, 100_000])
  func damaged(length: Int) throws {
    let folder = TemporaryFolder()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Self.quantised)).prefix(length)
    let path = try folder.write(Array(bytes), to: "cut.gguf")
    for arguments in [["inspect", path], ["compare", path, Run.testdata + "aurora"]] {
      let run = Run(arguments)
      #expect(run.exitCode == 65 && run.line?.contains("\n") == false && run.line?.contains("cut.gguf") == true, "\(length)")
    }
  }
}
