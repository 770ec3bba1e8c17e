import Foundation
import Pictures
import Testing

@testable import AuditReports

@Suite struct SARIFLogTests {
  @Test("a message shows text as it is: nothing in it is a placeholder, a link or a control character")
  func text() {
    #expect(SARIFText.plain("a {0} [b](c) \\ d") == "a {{0}} \\[b\\](c) \\\\ d")
    let hostile = SARIFText.plain("x\u{1B}[2J\u{202E}[\u{301}")
    #expect(!hostile.unicodeScalars.contains { TerminalText.isUnsafe($0) } && hostile.hasSuffix("\\[\u{301}"))
  }

  @Test("only results of the kind fail have a level, and what --fail-on names is an error", arguments: AuditRule.allCases)
  func severity(rule: AuditRule) {
    let usual = Severity(rule, isFailing: false)
    #expect((usual.kind == "fail") == (usual.level != "none"))
    #expect(AuditRule.relations.contains(rule) || usual.level != "warning")
    let failing = Severity(rule, isFailing: true)
    #expect(failing.kind == "fail" && failing.level == "error")
  }

  @Test("every rule says in different words what it means", arguments: AuditRule.allCases)
  func rules(rule: AuditRule) {
    #expect(rule.meaning.hasSuffix(".") && rule.explanation.hasSuffix(".") && !rule.name.contains(" "))
    let others = AuditRule.allCases.filter { $0 != rule }
    #expect(!others.contains { $0.meaning == rule.meaning || $0.name == rule.name })
  }

  /// A run of `count` findings on one model without files' tensors.
  private func run(_ findings: [AuditFinding]) -> AuditRun {
    AuditRun(
      command: "compare", rules: AuditRule.relations,
      models: [AuditModel(id: "a\"b", name: "a\u{202E}", packageURL: PackageURL(generic: "a"))],
      end: AuditRun.End(exitCode: 1, date: ReportDate("2026-11-30")), findings: findings)
  }

  @Test("a log is JSON with the exit code and the date, and has neither fixes nor a clock")
  func log() throws {
    var finding = AuditFinding(.partial, of: 0, message: "m")
    finding.foundations = [.init(AuditModel(id: "b", name: "b", packageURL: PackageURL(generic: "b")), share: 0.25)]
    let text = SARIFLog(run([finding])).text
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
    #expect(invocation["exitCode"] as? Int == 1 && invocation["endTimeUtc"] as? String == "2026-11-30T00:00:00Z")
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    #expect(
      result["ruleId"] as? String == "partial" && result["ruleIndex"] as? Int == 3 && result["level"] as? String == "warning")
    #expect(!text.contains("fixes") && (result["locations"] as? [Any])?.isEmpty == true)
  }

  @Test("an unrelated pair has no ancestor in CycloneDX, a related one has, and one of unknown order is a variant")
  func pedigree() throws {
    func component(_ rule: AuditRule, _ descent: AuditFinding.Descent) throws -> [String: Any] {
      var finding = AuditFinding(rule, of: 0, message: "m")
      finding.foundations = [.init(AuditModel(id: "b", name: "b", packageURL: PackageURL(hub: "o/b", commit: "c0")))]
      finding.descent = descent
      finding.figures = AuditFinding.Figures(score: 0.75, log10P: -2)
      let text = try CycloneDXDocument(run([finding])).text()
      let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      return try #require((document["components"] as? [[String: Any]])?.first)
    }
    for rule in AuditRule.allCases {
      let pedigree = try component(rule, .ancestor)["pedigree"] as? [String: Any]
      #expect((pedigree?["ancestors"] != nil) == rule.isKinship, "\(rule)")
      let variants = try component(rule, .unknown)["pedigree"] as? [String: Any]
      #expect((variants?["variants"] != nil) == rule.isKinship && variants?["ancestors"] == nil, "\(rule)")
    }
    let pedigree = try component(.derived, .ancestor)["pedigree"] as? [String: Any]
    let ancestor = try #require((pedigree?["ancestors"] as? [[String: Any]])?.first)
    #expect(ancestor["purl"] as? String == "pkg:huggingface/o/b@c0")
    let identity = ((ancestor["evidence"] as? [String: Any])?["identity"] as? [[String: Any]])?.first
    #expect(identity?["confidence"] as? Double == 0.75)
  }
}
