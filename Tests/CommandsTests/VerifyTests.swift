import Foundation
import TestKit
import Testing

@testable import Commands

/// `verify`, and `compare --card`.
@Suite struct VerifyTests {
  private let aurora = Run.testdata + "aurora"
  private let folder = TemporaryFolder()

  /// A model of testdata under a name of its own, with a card of this front matter; nil for none.
  private func model(_ name: String, _ source: String, card: String?) throws -> String {
    for file in try FileManager.default.contentsOfDirectory(atPath: Run.testdata + source) {
      try folder.link("\(name)/\(file)", to: Run.testdata + source + "/" + file)
    }
    if let card { try folder.write("---\n\(card)---\n", to: "\(name)/README.md") }
    return folder.path(of: name)
  }

  private func card(_ run: Run) -> [String: Any] { run.json["card"] as? [String: Any] ?? [:] }

  private func outcome(_ run: Run) -> String { card(run)["outcome"] as? String ?? "none" }

  @Test("verify confirms kin, contradicts strangers with code 1, and says nothing against a silent card")
  func outcomes() throws {
    let base = ["--base", "us/aurora=" + aurora, "--format", "json"]
    let kin = Run(["verify", try model("kin", "aurora-chat", card: "base_model: us/aurora\nlicense: mit\n")] + base)
    #expect(kin.exitCode == 0 && outcome(kin) == "confirmed" && card(kin)["licence"] as? String == "mit")
    let masked = Run(["verify", try model("masked", "nova", card: "base_model: us/aurora\n")] + base)
    #expect(masked.exitCode == 0 && outcome(masked) == "confirmed")
    let path = try model("stranger", "borealis", card: "base_model: us/aurora\nbase_model_relation: finetune\n")
    let stranger = Run(["verify", path] + base, expecting: [1])
    #expect(stranger.exitCode == 1 && outcome(stranger) == "contradicted" && stranger.line == nil)
    #expect(card(stranger)["relation"] as? String == "finetune")
    let comparisons = try #require(stranger.json["comparisons"] as? [[String: Any]])
    #expect(comparisons.count == 1 && comparisons[0]["base"] as? String == "us/aurora")
    for silent in ["license: mit\n", nil] {
      let run = Run(["verify", try model("silent-\(silent ?? "")".filter { $0 != "\n" }, "borealis", card: silent)] + base)
      #expect(run.exitCode == 0 && outcome(run) == "undeclared")
    }
    #expect(Run(["verify", path] + base + ["--fail-on", "none"]).exitCode == 0)
    #expect(Run(["verify", path, "--fail-on", "unverifiable"], expecting: [1]).exitCode == 1)
  }

  @Test("quick contradicts nobody: other orders and bases were not searched")
  func quick() throws {
    let path = try model("quick", "borealis", card: "base_model: us/aurora\n")
    let run = Run("verify", path, "--base", "us/aurora=" + aurora, "--depth", "quick", "--format", "json")
    #expect(run.exitCode == 0 && outcome(run) == "unverifiable")
  }

  @Test("a base is found at a path that is its name, and in a cache of the hub; a base that is not here decides nothing")
  func places() throws {
    _ = try model("up", "aurora", card: nil)
    let beside = Run("verify", try model("own", "aurora-chat", card: "base_model: ../up\n"), "--format", "json")
    #expect(outcome(beside) == "confirmed")
    let away = Run("verify", try model("away", "aurora-chat", card: "base_model: us/none\n"), "--format", "json")
    #expect(away.exitCode == 0 && outcome(away) == "unverifiable")
    _ = try model("hub/models--us--aurora/snapshots/0123", "aurora", card: nil)
    try folder.write("0123", to: "hub/models--us--aurora/refs/main")
    let path = try model("cached", "borealis", card: "base_model: US/aurora\n")
    // The name of the cache's folder has the letters of the download.
    let other = try Child("$unmask verify \(path) --format csv", ["HF_HUB_CACHE": folder.path(of: "hub")])
    #expect(other.exitCode == 0 && other.output.contains("US/aurora,card,unverifiable,,"))
    try folder.write("---\nbase_model: us/aurora\n---\n", to: "cached/README.md")
    let found = try Child("$unmask verify \(path) --format csv", ["HF_HUB_CACHE": folder.path(of: "hub")])
    #expect(found.exitCode == 1 && found.output.contains("us/aurora,card,contradicted,repository,"), "\(found)")
    // A model in the same cache needs no variable.
    let sibling = try model("hub/models--them--chat/snapshots/45", "aurora-chat", card: "base_model: us/aurora\n")
    #expect(outcome(Run("verify", sibling, "--format", "json")) == "confirmed")
    // A cache may hold a card alone.
    try folder.write("{}", to: "hub/models--us--empty/snapshots/67/config.json")
    let empty = Run(
      "verify", try model("hub/models--them--more/snapshots/89", "aurora-chat", card: "base_model: us/empty\n"), "--format",
      "json")
    #expect(empty.exitCode == 0 && outcome(empty) == "unverifiable")
  }

  @Test("an adapter holds nothing of its base, so its card is neither confirmed nor contradicted")
  func adapter() throws {
    let path = try model("adapter", "aurora-adapter", card: "base_model: us/borealis\n")
    let run = Run("verify", path, "--base", "us/borealis=" + Run.testdata + "borealis", "--format", "json")
    #expect(run.exitCode == 0 && outcome(run) == "unverifiable")
    #expect(card(run)["declared"] as? [String] == ["us/borealis", "../aurora"])
    let compared = Run("compare", path, aurora, "--base", aurora, "--card", "--format", "json")
    #expect(outcome(compared) == "undeclared")
  }

  @Test("compare --card holds the card against one foundation, and contradicts it only of a base that is certain")
  func compare() throws {
    let chat = try model("chat", "aurora-chat", card: "base_model: us/aurora\n")
    #expect(outcome(Run("compare", chat, aurora, "--card", "--format", "json")) == "confirmed")
    let other = Run("compare", chat, Run.testdata + "borealis", "--card", "--format", "json")
    #expect(outcome(other) == "unverifiable")
    let elsewhere = try model("elsewhere", "aurora-chat", card: "base_model: us/other\n")
    #expect(outcome(Run("compare", elsewhere, aurora, "--card", "--format", "json")) == "undeclared")
    let stranger = try model("stranger", "borealis", card: "base_model: us/aurora\n")
    let byName = Run("compare", stranger, aurora, "--card", "--fail-on", "contradicted", "--format", "json")
    #expect(byName.exitCode == 0 && outcome(byName) == "unverifiable")
    let cached = folder.path(of: "hub/models--us--aurora")
    _ = try model("hub/models--us--aurora/snapshots/0123", "aurora", card: nil)
    let certain = Run("compare", stranger, cached, "--card", "--fail-on", "contradicted", "--format", "json", expecting: [1])
    #expect(certain.exitCode == 1 && outcome(certain) == "contradicted")
    #expect(Run("compare", chat, cached, "--card", "--fail-on", "contradicted").exitCode == 0)
    let path = try model("path", "borealis", card: "base_model: ../hub/models--us--aurora/snapshots/0123\n")
    #expect(outcome(Run("compare", path, cached, "--card", "--format", "json")) == "contradicted")
    #expect(Run("compare", chat, aurora, "--format", "json").json["card"] == nil)
  }

  @Test("every format names the outcome and the declared base", arguments: ["text", "markdown", "html", "json", "csv"])
  func formats(format: String) throws {
    let path = try model("stranger", "borealis", card: "base_model:\n- us/<aurora>\n- us/chat\nlicense: mit\n")
    let bases = ["--base", "us/<aurora>=" + aurora, "--base", "us/chat=" + Run.testdata + "aurora-chat"]
    let run = Run(["verify", path, "--format", format] + bases, expecting: [1])
    #expect(run.exitCode == 1 && run.answer.contains("contradicted") && run.answer.contains("aurora"))
    if format == "html" { #expect(!run.answer.contains("<aurora>")) }
    if format != "csv" {
      let compared = Run("compare", path, aurora, "--card", "--format", format)
      #expect(compared.answer.contains("unverifiable") && compared.answer.contains("us/chat"))
    }
  }

  @Test(
    "a card is one line of an error, or none, but never a trap",
    arguments: [
      ("---\nbase_model: us/aurora\n", "no end"), ("---\nbase_model: [a\n---\n", "line 2"),
      ("---\nbase_model: {a: b}\n---\n", "base_model"),
    ])
  func hostile(text: String, words: String) throws {
    let path = try model("hostile", "aurora-chat", card: nil)
    try folder.write(text, to: "hostile/README.md")
    let run = Run("verify", path, "--base", "us/aurora=" + aurora, "--format", "json")
    #expect(run.exitCode == 0 && outcome(run) == "unverifiable")
    #expect((card(run)["problem"] as? String)?.contains(words) == true)
  }

  @Test("wrong usage is one line and 64; a card or a base that is not there is 66")
  func usage() throws {
    let chat = try model("chat", "aurora-chat", card: "base_model: us/aurora\n")
    for arguments in [
      ["verify"], ["verify", chat, "--base", "path"], ["verify", chat, "--base", "=path"], ["verify", chat, "--fail-on", "kin"],
      ["verify", chat, "--fail-on", ""], ["compare", chat, aurora, "--fail-on", "contradicted"],
      ["compare", chat, aurora, "--card", "--component", "language_model"], ["scan", folder.path, "--fail-on", "contradicted"],
    ] {
      let run = Run(arguments)
      #expect(run.exitCode == 64 && run.line?.contains("\n") == false, "\(arguments)")
    }
    #expect(Run("verify", chat, "--card", folder.path(of: "none.txt")).exitCode == 66)
    #expect(Run("verify", chat, "--base", "us/aurora=" + folder.path(of: "none")).exitCode == 66)
    #expect(Run("verify", folder.path(of: "none")).exitCode == 66)
  }

  @Test("one thread and many give the same bytes")
  func threads() throws {
    let path = try model("stranger", "borealis", card: "base_model: us/aurora\n")
    let answers = ["1", "7"].map {
      Run(["verify", path, "--base", "us/aurora=" + aurora, "--format", "json", "--threads", $0], expecting: [1]).answer
    }
    #expect(answers[0] == answers[1])
  }
}
