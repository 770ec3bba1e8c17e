import Lineage
import ProgramIdentity
import ReportKit
import Reports
import TestKit
import Testing
import Unmask

@testable import ReportPages

@Suite struct RunRecordTests {
  private let numerics = NumericsIdentity(kernels: "avx9", openBLAS: "OpenBLAS 7.7.7 <x>")

  private func command(_ arguments: String...) -> String {
    RunRecord(arguments: arguments, date: nil, numerics: numerics).command
  }

  @Test("the command is what a shell takes for the same result")
  func quoting() {
    #expect(command("compare", "a b", "it's", "") == #"unmask compare 'a b' 'it'\''s' ''"#)
    #expect(command("compare", "org/name@rev", "$HOME", "*") == "unmask compare org/name@rev '$HOME' '*'")
    #expect(command("compare", "modèle") == "unmask compare 'modèle'")
  }

  @Test("options that cannot change the result are left out, with their values")
  func options() {
    #expect(
      command(
        "compare", "a", "b", "--threads", "7", "--depth", "quick", "-o", "x.html", "--report=r.html", "--quiet", "--format",
        "json",
        "--date", "2026-11-30") == "unmask compare a b --depth quick --date 2026-11-30")
    #expect(command("scan", "m", "--resume", "j", "--jobs=3", "--hash", "-v") == "unmask scan m --hash")
    #expect(command("compare", "--", "--quiet", "-o") == "unmask compare -- --quiet -o", "behind -- everything is a name")
  }

  @Test("a page that is handed over says how it was made: date, command, versions")
  func section() throws {
    let record = RunRecord(arguments: ["compare", "<b>", "c"], date: "2026-11-30", numerics: numerics)
    let page = try SampleComparison().comparison().html(record: record)
    let document = try ParsedMarkup(page)
    #expect(page.contains("<h2>How this report was made</h2>"))
    for text in ["2026-11-30", "unmask compare &#39;&lt;b&gt;&#39; c", "avx9", "OpenBLAS 7.7.7 &lt;x&gt;", Release.name] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(document.count("b") == 2, "the two names of the heading")
    let undated = try SampleComparison().comparison().html(record: RunRecord(arguments: [], date: nil, numerics: numerics))
    #expect(undated.contains("not given (--date)"))
  }

  @Test("a page has the thresholds of the verdict, the method with numbered references, and what was not tested")
  func contents() throws {
    let page = try SampleComparison().comparison().html()
    let document = try ParsedMarkup(page)
    #expect(
      page.contains("at most 10^\(Int(Verdict.Rule.log10Significance))") && page.contains("at least \(Verdict.Rule.leastExcess)"))
    #expect(page.contains("Distillation and training data.") && page.contains("Who came first."))
    for (number, reference) in MethodText.references.enumerated() {
      #expect(document.texts.contains(reference))
      #expect(
        MethodText.paragraphs.contains { $0.contains("\(number + 1)]") || $0.contains("[\(number + 1),") },
        "\(number + 1) is cited")
    }
    #expect(document.count("ol") == 1)
  }

  @Test("the method fits half a page: at most 330 words")
  func length() {
    let words = MethodText.paragraphs.joined(separator: " ").split(separator: " ").count
    #expect((200...330).contains(words), "\(words)")
  }

  @Test("a page of a scan has method, limits, depth and record, and the hashes that were computed")
  func scan() throws {
    let model = ScanFindings.Model(id: "a", path: "/models/a", parameters: 10, layers: 1, architecture: nil)
    let findings = ScanFindings(models: [model], pairs: [], foundations: ["a"])
    let record = RunRecord(arguments: ["scan", "models"], date: nil, numerics: numerics)
    let digest = String(repeating: "ab", count: 32)
    let page = findings.html(nil, ScanFacts(depth: .quick, hashes: [Array("a".utf8): digest]), record: record)
    let document = try ParsedMarkup(page)
    #expect(document.texts.contains(digest) && document.texts.contains("unmask scan models") && document.texts.contains("quick"))
    for title in ["What was not tested", "Method", "Thresholds", "How this report was made"] {
      #expect(document.texts.contains(title), "\(title)")
    }
    #expect(findings.html(nil, ScanFacts(), record: record).contains("were not computed (--hash)"))
  }
}
