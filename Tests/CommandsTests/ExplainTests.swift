import Foundation
import TestKit
import Testing

@testable import Commands

/// `--explain` and `--verbose`: how a verdict came about, and how long it took.
@Suite struct ExplainTests {
  private let aurora = Run.testdata + "aurora"

  private func words(_ candidate: String, _ more: String...) -> String {
    Run(["compare", Run.testdata + candidate, aurora, "--explain"] + more).answer.split { $0 == " " || $0 == "\n" }
      .joined(separator: " ")
  }

  @Test("a fine-tuned copy is explained: what each step did, what it found, why it was the last, and the rule")
  func tuned() {
    let text = words("aurora-chat")
    for part in [
      "how the verdict came about 1. Compared each weight with the weight of the same role, layer and position.",
      "All of the candidate's parameters have a counterpart of the same role, layer and shape.",
      "Test \"rows in place\": 0.99747; unrelated models give 0.00170 ± 0.00710 (124 draws); p-value less than 10^-100.",
      "It does not count for the verdict: a table is often taken over with its tokenizer.",
      "In 28 of 28 matrices of the layers, the counterpart explains at least half of the energy",
      "So far: derived. The models are related, and every matrix is at the place of its counterpart",
      "2. Compared the gains of the norms", "3. Measured what tuning changed", "That looks like: full finetuning of all matrices",
      "Verdict: derived. The weights of the two models have a common origin",
      "The rule: models are related if one test that counts has a p-value of at most 10^-6",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test("a masked copy is explained by every search, in order")
  func masked() throws {
    let text = words("nova")
    let parts = [
      "1. Compared each weight", "2. Searched for the candidate's layers",
      "3. Compared the neurons of each layer",
      "4. Searched for the candidate's neurons", "Matched neurons tell the order and the basis",
      "5. Computed the order and the basis",
      "the candidate is a masked copy. - Mean cosine after that: 0.99804. - Rewrites: residual basis rotated; neurons permuted",
      "6. Measured what tuning changed", "Verdict: derived.",
    ]
    var rest = Substring(text)
    for part in parts {
      let place = try #require(rest.range(of: part), "\(part)")
      rest = rest[place.upperBound...]
    }
  }

  @Test("strangers are explained: the search went on to its end, and a test that found nothing says so")
  func strangers() {
    let text = words("borealis")
    #expect(text.contains("A rewrite may hide a common origin, so the search goes on."))
    #expect(text.contains("Test \"neuron agreement\": 0: nothing was found, and nothing is found by chance (7 draws)"))
    #expect(text.contains("Verdict: independent. No common origin was found"))
    // The figures above the explanation say so too.
    #expect(text.contains("evidence: neuron agreement 0: nothing was found, and nothing is found by chance (7 draws)"))
  }

  @Test("the steps are in JSON, Markdown and the page too, and only where they were asked for")
  func formats() throws {
    let run = Run("compare", Run.testdata + "aurora-chat", aurora, "--explain", "--format", "json")
    let steps = try #require(run.json["explanation"] as? [[String: Any]])
    #expect(steps.compactMap { $0["step"] as? String } == ["in_place", "gains", "change"])
    #expect(steps.compactMap { $0["next"] as? String } == ["gains", "change"] && steps[2]["next"] is NSNull)
    #expect(steps.compactMap { $0["reason"] as? String } == ["all_in_place", "measurable", "done"])
    #expect(steps[0]["evidence"] as? [String] == ["rows in place", "embed_tokens in place", "lm_head in place"])
    #expect(steps[1]["evidence"] as? [String] == [])
    #expect(steps.nonEmptyAllSatisfy { !($0["sentences"] as? [String] ?? []).isEmpty })
    #expect(words("aurora-chat", "--format", "markdown").contains("## How the verdict came about 1. Compared each weight"))
    // A page is handed over, so it always says how the verdict came about.
    let page = Run("compare", Run.testdata + "aurora-chat", aurora, "--format", "html").answer
    #expect(page.contains("How the verdict came about") && page.contains("attention heads in any order and basis"))
    #expect(page.contains("not needed: the models are related, and every matrix is at the place of its counterpart"))
    let quick = Run("compare", Run.testdata + "borealis", aurora, "--format", "html", "--depth", "quick").answer
    #expect(quick.contains("not requested: --depth quick compares weights at their stored positions only"))
    let searched = Run("compare", Run.testdata + "borealis", aurora, "--format", "html").answer
    #expect(!searched.contains("not requested: --depth quick") && searched.contains("that nothing of a foundation is left"))
    #expect(Run("compare", Run.testdata + "aurora-chat", aurora, "--format", "json").json["explanation"] == nil)
    #expect(!Run("compare", Run.testdata + "aurora-chat", aurora).answer.contains("came about"))
  }

  @Test("each part of a model is explained, and CSV has no place for it")
  func refused() {
    let run = Run("compare", aurora, aurora, "--explain", "--format", "csv")
    #expect(run.exitCode == 64 && run.line?.contains("--explain: a table has no place for it") == true)
  }

  @Test(
    "--verbose writes the times to stderr at the end, and the answer stays the same",
    arguments: [
      ("compare $testdata/aurora-chat $testdata/aurora", "comparing as stored"),
      ("compare $testdata/aurora-chat $testdata/aurora --hash", "hashing aurora-chat"),
      ("inspect $testdata/aurora --tensors", "reading"), ("heatmap $testdata/aurora-chat $testdata/aurora", "every layer"),
      ("scan $testdata/aurora $testdata/aurora-chat", "comparing the models"),
      ("tree $testdata/aurora $testdata/aurora-chat", "in all"),
      ("sketch $testdata/aurora --catalogue known.db", "sketching aurora"), ("verify $testdata/aurora", "in all"),
    ])
  func times(command: String, work: String) throws {
    let plain = try Child("$unmask \(command)")
    let child = try Child("$unmask \(command) --verbose")
    #expect(child.exitCode == 0 && child.output == plain.output)
    #expect(child.errors.contains(work) && child.errors.contains("\nin all"), "\(child.errors)")
    #expect(plain.errors.isEmpty)
    #expect(CommandLineEntry.run(["inspect", aurora, "--verbose", "--quiet"]).exitCode == 64)
  }
}
