import TestKit
import Testing

@testable import Commands

@Suite struct NamePatternTests {
  @Test(
    "a pattern matches whole names, as in a shell",
    arguments: [
      ("*", "a", true), ("*", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("?", "ä", true),
      ("a*c", "abbc", true),
      ("a*c", "abcd", false), ("a**b?", "axxbyb1", true), ("*a*a*a*b", String(repeating: "a", count: 60), false),
      ("[a]", "a", false),
    ])
  func whole(_ pattern: String, _ name: String, _ isMatch: Bool) { #expect(NamePattern(pattern).matches(name) == isMatch) }

  @Test("without a slash a pattern is about the last part of a name")
  func parts() {
    #expect(NamePattern("llama-*").matches("org/llama-a") && !NamePattern("org*").matches("org/llama-a"))
    #expect(NamePattern("org/*").matches("org/sub/llama-a") && !NamePattern("org/*").matches("other/llama-a"))
  }

  @Test("a scan takes what --include names, without what --exclude names, and says nothing of the rest")
  func scan() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat", "borealis"] { try folder.link("models/" + name, to: Run.testdata + name) }
    try folder.write("bad", to: "models/broken/model.safetensors")
    let ids = { (arguments: [String]) -> [String] in
      let run = Run(["scan", folder.path + "/models", "--depth", "quick", "--format", "json"] + arguments)
      return (run.json["models"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }
    #expect(ids(["--exclude", "broken"]) == ["aurora", "aurora-chat", "borealis"])
    #expect(ids(["--include", "aurora*"]) == ["aurora", "aurora-chat"])
    #expect(
      ids(["--include", "aurora*", "--include", "b*", "--exclude", "*-chat", "--exclude", "br*"]) == ["aurora", "borealis"])
  }
}
