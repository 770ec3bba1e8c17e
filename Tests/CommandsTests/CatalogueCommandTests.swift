import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct CatalogueCommandTests {
  /// A catalogue of aurora and borealis.
  private func catalogue(in folder: TemporaryFolder) -> String {
    let path = folder.path(of: "known.db")
    #expect(Run("sketch", Run.testdata + "aurora", Run.testdata + "borealis", "--catalogue", path).exitCode == 0)
    return path
  }

  private func identify(_ model: String, _ catalogue: String, _ more: [String] = []) -> (relation: String, best: [String: Any]) {
    let models = Run(["identify", model, "--catalogue", catalogue, "--format", "json"] + more).json["models"] as? [[String: Any]]
    let component = (models?.first?["components"] as? [[String: Any]])?.first
    let matches = component?["matches"] as? [[String: Any]]
    return (models?.first?["relation"] as? String ?? "", matches?.first ?? [:])
  }

  @Test(
    "a finetune, other types, a quantised model and an adapter are derived from aurora, in place",
    arguments: [
      "aurora-chat", "aurora-lora", "aurora-adapter", "variants/aurora-f32", "variants/aurora-noise", "variants/aurora-quantised",
    ])
  func inPlace(name: String) {
    let folder = TemporaryFolder()
    let found = identify(Run.testdata + name, catalogue(in: folder), ["--no-neurons"])
    #expect(found.relation == "derived")
    #expect(found.best["name"] as? String == "aurora")
    #expect(found.best["layer_share"] as? Double == 1)
  }

  @Test("a masked copy is found by its neurons; without them the answer is insufficient, and says what to do")
  func masked() {
    let folder = TemporaryFolder()
    let known = catalogue(in: folder)
    let found = identify(Run.testdata + "nova", known)
    #expect(found.relation == "derived")
    #expect(found.best["name"] as? String == "aurora")
    #expect(identify(Run.testdata + "nova", known, ["--no-neurons"]).relation == "insufficient")
    #expect(Run("identify", Run.testdata + "nova", "--catalogue", known, "--no-neurons").answer.contains("unmask compare"))
  }

  @Test("the first catalogue finds a masked model, and its lines are what the test models give, without paths")
  func firstCatalogue() throws {
    let folder = TemporaryFolder()
    let (lines, imported) = (Run.testdata + "catalogue/known.jsonl", folder.path(of: "first.db"))
    #expect(Run("catalogue", "import", lines, "--catalogue", imported).exitCode == 0)
    let found = identify(Run.testdata + "nova", imported)
    #expect(found.relation == "derived" && found.best["name"] as? String == "aurora")
    let own = folder.path(of: "own.db")
    let notes = "a test model of unmask, trained from its own random start"
    #expect(
      Run("sketch", Run.testdata + "aurora", Run.testdata + "borealis", "--catalogue", own, "--notes", notes, "--no-neurons")
        .exitCode
        == 0)
    let export = Run("catalogue", "export", "--no-paths", "--catalogue", own).answer
    // Neurons depend on the machine's products in the last digit, and are left out here.
    func facts(_ text: String) throws -> [[String]] {
      try text.split(separator: "\n").map { line in
        let value = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return ["name", "content", "notes", "path", "architecture"].map { value[$0] as? String ?? "" }
      }
    }
    #expect(try facts(export) == facts(String(contentsOfFile: lines, encoding: .utf8)))
  }

  @Test("an unrelated model is derived from nothing")
  func stranger() {
    let folder = TemporaryFolder()
    let path = folder.path(of: "known.db")
    #expect(Run("sketch", Run.testdata + "aurora", "--catalogue", path).exitCode == 0)
    #expect(identify(Run.testdata + "borealis", path).relation != "derived")
  }

  @Test("--confirm compares the weights, --fail-on sets the exit code, and wrong arguments are usage errors")
  func options() {
    let folder = TemporaryFolder()
    let known = catalogue(in: folder)
    let chat = Run.testdata + "aurora-chat"
    #expect(identify(chat, known, ["--confirm"]).best["confirmed"] as? String == "derived")
    #expect(Run(["identify", chat, "--catalogue", known, "--fail-on", "kin"], expecting: [1]).exitCode == 1)
    #expect(Run(["identify", chat, "--catalogue", known, "--fail-on", "insufficient"]).exitCode == 0)
    #expect(Run(["identify", chat, "--catalogue", known, "--fail-on", "independent"]).exitCode == 64)
    #expect(Run(["identify", chat, "--catalogue", known + "x"]).exitCode == 66)
    #expect(Run(["identify", chat, "--catalogue", Run.testdata + "aurora/model.safetensors"]).exitCode == 65)
    #expect(Run(["catalogue", "info", "nobody", "--catalogue", known]).exitCode == 66)
    #expect(Run(["sketch", "a", "b", "--catalogue", known, "--name", "c"]).exitCode == 64)
  }

  @Test("a model that cannot be read does not keep the others out of the catalogue")
  func broken() throws {
    let folder = TemporaryFolder()
    let known = folder.path(of: "known.db")
    let broken = try folder.write("no model", to: "broken.safetensors")
    let run = Run(["sketch", broken, Run.testdata + "aurora", "--catalogue", known, "--no-neurons"], expecting: [65])
    #expect(run.exitCode == 65 && run.answer.contains("added: aurora"))
    #expect(Run(["catalogue", "list", "--catalogue", known]).answer.contains("aurora"))
  }

  @Test("what four killed processes reported as added is there, whole, and a second run completes the rest")
  func killed() throws {
    let folder = TemporaryFolder()
    let known = folder.path(of: "known.db")
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    var reported: Set<String> = []
    var round = 0
    // On a busy machine nothing may be added at first.
    while round < 5 || reported.isEmpty && round < 20 {
      round += 1
      let delay = (0.05 + 0.2 * random.uniform()) * Double(round)
      let loops = (0..<4).map { writer in
        """
        (for i in 1 2 3 4 5 6; do $unmask sketch $testdata/aurora --no-neurons --catalogue \(known) --name m\(round)-\(writer)-$i; done \
        > said-\(writer) 2>/dev/null) & p\(writer)=$!
        """
      }.joined(separator: "\n")
      let child = try Child(
        """
        set -m
        \(loops)
        sleep \(delay)
        kill -9 -- -$p0 -$p1 -$p2 -$p3 2>/dev/null
        wait 2>/dev/null
        cat said-0 said-1 said-2 said-3
        """)
      for line in child.output.split(separator: "\n") where line.hasPrefix("added: ") {
        reported.insert(String(line.dropFirst(7).prefix { $0 != "," }))
      }
      let check = try Child("$unmask catalogue check --catalogue \(known)")
      // The first round may end before there is a file.
      #expect(check.exitCode == 0 || check.exitCode == 66 && reported.isEmpty, "\(random): \(check.errors)")
      guard check.exitCode == 0 else { continue }
      let list = try Child("$unmask catalogue list --catalogue \(known) --format csv")
      let names = Set(list.output.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "," }) })
      #expect(reported.isSubset(of: names), "\(random): \(reported.subtracting(names))")
    }
    #expect(!reported.isEmpty, "\(random)")
    #expect(try Child("$unmask sketch $testdata/aurora --catalogue \(known)").exitCode == 0)
  }
}
