import Foundation
import TestKit
import Testing

@testable import Commands

/// What was read is named: the base of an adapter, and one model given twice.
@Suite struct NamedInputsTests {
  private let adapter = Run.testdata + "aurora-adapter"
  private let aurora = Run.testdata + "aurora"

  private func base(_ run: Run, _ side: String) -> [String: Any]? {
    (run.json[side] as? [String: Any])?["base"] as? [String: Any]
  }

  @Test("compare names the base that was read for an adapter, and where its name came from")
  func base() throws {
    let own = Run("compare", adapter, aurora, "--format", "json")
    let found = try #require(base(own, "candidate"))
    #expect(
      found["named"] as? String == "../aurora" && (found["path"] as? String)?.hasSuffix("/aurora-adapter/../aurora") == true)
    #expect(base(own, "foundation") == nil)
    let other = try #require(
      base(Run("compare", adapter, aurora, "--base", Run.testdata + "borealis", "--format", "json"), "candidate"))
    #expect(other["path"] as? String == Run.testdata + "borealis" && other["named"] as? String == "../aurora")
    for format in ["text", "markdown", "html"] {
      let given = ["--base", Run.testdata + "borealis", "--format", format]
      let words = { (run: Run) in run.answer.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
      #expect(
        words(Run("compare", adapter, aurora, "--format", format)).contains("candidate: adapter on ../aurora (from its config)"))
      #expect(words(Run(["compare", adapter, aurora] + given)).contains("/borealis (its config names ../aurora)"), "\(format)")
    }
  }

  @Test("inspect of an adapter tells no sizes of a model, and names the base")
  func inspect() throws {
    let run = Run("inspect", adapter, "--format", "json")
    for member in ["architecture", "hidden_size", "intermediate_size", "attention_heads", "key_value_heads", "vocabulary"] {
      #expect(run.json[member] is NSNull, "\(member)")
    }
    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    #expect(tensors.nonEmptyAllSatisfy { $0["role"] is NSNull })
    #expect((run.json["warnings"] as? [String]) == [])
    #expect((run.json["base"] as? [String: Any])?["named"] as? String == "../aurora")
    let text = Run("inspect", adapter).answer
    #expect(text.contains("../aurora (from its config)") && text.contains("LoRA rank 4"))
    #expect(!text.contains("inferred") && !text.contains("hidden size"))
  }

  @Test("inspect says of a base that is not here how to give it")
  func absent() throws {
    let folder = TemporaryFolder()
    try FileManager.default.copyItem(atPath: adapter, toPath: folder.path + "/adapter")
    let text = Run("inspect", folder.path + "/adapter").answer
    #expect(text.contains("../aurora, which is not here (give it with --base MODEL)"))
  }

  @Test("inspect --base shows the model that an adapter makes, and is refused for what is no adapter")
  func made() {
    let json = Run("inspect", adapter, "--base", aurora, "--format", "json").json
    #expect(
      json["hidden_size"] as? Int == 64 && json["parameters"] as? Int == 250_432 && json["architecture"] as? String == "llama")
    #expect((json["base"] as? [String: Any])?["path"] as? String == aurora)
    let refused = Run("inspect", aurora, "--base", aurora)
    #expect(refused.exitCode == 64 && refused.line?.contains("--base needs an adapter") == true)
  }

  @Test("one model given twice is noted, by whatever path", arguments: ["text", "markdown", "json", "html"])
  func twice(format: String) throws {
    let folder = TemporaryFolder()
    try folder.link("link", to: aurora)
    let note = "the candidate and the foundation are the same files"
    let words = { (run: Run) in run.answer.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    for path in [aurora, folder.path + "/link", aurora + "/model.safetensors", aurora + "/../aurora"] {
      #expect(words(Run("compare", path, aurora, "--format", format)).contains(note), "\(path)")
    }
    try FileManager.default.copyItem(atPath: aurora, toPath: folder.path + "/copy")
    #expect(!words(Run("compare", folder.path + "/copy", aurora, "--format", format)).contains(note))
  }
}
