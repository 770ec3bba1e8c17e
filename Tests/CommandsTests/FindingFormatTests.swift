import Foundation
import TestKit
import Testing

@testable import Commands

/// The formats of other tools; scripts/check-outputs validates them against the published schemas.
@Suite struct FindingFormatTests {
  private let pair = [Run.testdata + "aurora-chat", Run.testdata + "aurora"]

  private func results(_ run: Run) -> [[String: Any]] {
    ((run.json["runs"] as? [[String: Any]])?.first?["results"] as? [[String: Any]]) ?? []
  }

  @Test("a region of a partial copy covers the layers that it has, and no other")
  func regions() throws {
    let folder = TemporaryFolder()
    let half = try TestModels.writeHalf(from: 2, to: folder)
    let result = try #require(results(Run("compare", half, Run.testdata + "aurora", "--format", "sarif")).first)
    #expect(result["ruleId"] as? String == "partial")
    let tensors = try StoredTensors(half)
    var covered = 0
    for location in (result["locations"] as? [[String: Any]] ?? []) + (result["relatedLocations"] as? [[String: Any]] ?? []) {
      let place = location["physicalLocation"] as? [String: Any]
      let region = try #require(place?["region"] as? [String: Int])
      let range = region["byteOffset", default: 0]..<region["byteOffset", default: 0] + region["byteLength", default: 0]
      for (name, tensor) in tensors.tensors where range.overlaps(tensor.range) {
        covered += 1
        let parts = name.split(separator: ".")
        if parts.count > 2, let layer = Int(parts[2]), tensor.shape.count == 2 {
          #expect(layer < 2 && range.contains(tensor.range.lowerBound) && range.upperBound >= tensor.range.upperBound, "\(name)")
        }
      }
    }
    #expect(covered > 0)
  }

  @Test("the endings .sarif and .cdx.json choose the formats")
  func endings() throws {
    let folder = TemporaryFolder()
    for (name, word) in [
      ("x.sarif", "\"2.1.0\""), ("x.SARIF.json", "\"2.1.0\""), ("x.cdx.json", "CycloneDX"), ("x.json", "compare/1"),
    ] {
      let path = folder.path(of: name)
      #expect(CommandLineEntry.run(["compare"] + pair + ["--depth", "quick", "-o", path]).exitCode == 0)
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains(word), "\(name)")
    }
  }

  @Test("names that want to be more are data in both formats", arguments: ["sarif", "cyclonedx"])
  func hostile(format: String) throws {
    let folder = TemporaryFolder()
    let name = "x\u{1B}[2J\u{202E}{0} [a](javascript:b) \"\\ é"
    try folder.link(name, to: Run.testdata + "aurora")
    let run = Run("compare", folder.path(of: name), Run.testdata + "aurora", "--format", format, "--depth", "quick")
    #expect(!run.json.isEmpty)
    #expect(!run.answer.contains("\u{1B}") && !run.answer.contains("\u{202E}"))
    for result in results(run) where format == "sarif" {
      let message = (result["message"] as? [String: Any])?["text"] as? String ?? ""
      #expect(message.contains("{{0}} \\[a\\](javascript:b)"), "\(message)")
    }
  }

  @Test("--date is for days of the calendar")
  func date() {
    #expect(Run(["compare"] + pair + ["--format", "sarif", "--date", "2026-11-31"]).exitCode == 64)
    #expect(Run(["inspect", pair[0], "--format", "sarif"]).exitCode == 64)
  }
}
