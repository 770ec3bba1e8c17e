import Lineage
import Pictures
import TextFormats
package import Unmask

/// One step of a comparison, explained for a person.
package struct ExplainedStep {
  /// What was done.
  package let title: String
  /// What was found, one sentence each.
  package let findings: [String]
  /// What followed; empty where nothing is to be said.
  package let conclusion: String

  /// The steps of a comparison in order.
  package static func all(_ records: [StepRecord]) -> [ExplainedStep] {
    records.indices.map { i in
      ExplainedStep(
        title: records[i].title, findings: records[i].findings(after: i > 0 ? records[i - 1] : nil),
        conclusion: records[i].conclusion)
    }
  }
}

extension ComparisonReport {
  /// How the verdict came about, for `--explain`: the steps of each part, and the rule of the verdict. Empty where the steps were not
  /// kept, or where no explanation was requested.
  var explanation: [(part: String, steps: [ExplainedStep])] {
    guard isExplained else { return [] }
    return parts.compactMap { part in
      guard let steps = part.result?.steps, !steps.isEmpty else { return nil }
      return (part.name, ExplainedStep.all(steps))
    }
  }

  /// The rule by which figures become a relation.
  package var rule: String {
    let significance = "10^\(Int(Verdict.Rule.log10Significance))"
    return
      "Verdict: \(verdict.relation.rawValue). \(verdict.summary) The rule: models are related if one test that counts has a p-value of at most "
      + "\(significance) and finds more than a trace (an excess of \(Verdict.Rule.leastExcess) over chance). They are independent only if "
      + "tests that would have seen a common origin of a tenth of the weights reached nine tenths of the parameters in layers; otherwise the verdict "
      + "is insufficient."
  }

  /// The title above the explanation.
  package static let explanationTitle = "how the verdict came about"

  /// The explanation as text; empty where there is none.
  func explanationText(palette: Palette, width: Int) -> String {
    let explanation = explanation
    guard !explanation.isEmpty else { return "" }
    var out = "\n" + palette.bold(Self.explanationTitle) + "\n"
    for (part, steps) in explanation {
      if explanation.count > 1 { out += TerminalText.escaped(part) + ":\n" }
      for (number, step) in steps.enumerated() {
        out += Self.indented("\(number + 1). ", step.title, width)
        for line in step.findings { out += Self.indented("   - ", line, width) }
        if !step.conclusion.isEmpty { out += Self.indented("   ", step.conclusion, width) }
      }
    }
    return out + TerminalText.wrapped(TerminalText.escaped(rule), width: width) + "\n"
  }

  /// A paragraph behind `head`, with the following lines below its first word.
  private static func indented(_ head: String, _ text: String, _ width: Int) -> String {
    let margin = TerminalText.columns(of: head)
    let lines = TerminalText.wrapped(TerminalText.escaped(text), width: max(width - margin, 20)).split(separator: "\n")
    return lines.enumerated().map { ($0 == 0 ? head : String(repeating: " ", count: margin)) + $1 + "\n" }.joined()
  }

  /// The explanation as a section of a Markdown document; empty where there is none.
  var explanationMarkdown: String {
    let explanation = explanation
    guard !explanation.isEmpty else { return "" }
    var out = "\n## \(Self.explanationTitle.prefix(1).uppercased() + Self.explanationTitle.dropFirst())\n\n"
    for (part, steps) in explanation {
      if explanation.count > 1 { out += "### \(MarkdownText.code(part))\n\n" }
      for (number, step) in steps.enumerated() {
        out += "\(number + 1). \(MarkdownText.escaped(step.title))\n"
        let lines = step.findings + (step.conclusion.isEmpty ? [] : [step.conclusion])
        for line in lines { out += "   - \(MarkdownText.escaped(line))\n" }
      }
      out += "\n"
    }
    return out + MarkdownText.escaped(rule) + "\n"
  }

  /// The member `explanation` of the JSON document.
  var explanationJSON: JSONText {
    .array(
      parts.flatMap { part -> [JSONText] in
        let steps = part.result?.steps ?? []
        return zip(steps, ExplainedStep.all(steps)).enumerated().map { place, step in
          .object([
            "component": .string(part.name), "step": .string(step.0.step.rawValue),
            "relation": .string(step.0.verdict.relation.rawValue), "log10_p": .optional(step.0.verdict.log10P),
            "evidence": .strings(step.0.newEvidence(after: place > 0 ? steps[place - 1] : nil).map(\.test.words)),
            "next": .optional(step.0.decision.next?.rawValue), "reason": .string(step.0.decision.reason.rawValue),
            "sentences": .strings(
              [step.1.title] + step.1.findings + (step.1.conclusion.isEmpty ? [] : [step.1.conclusion])),
          ])
        }
      })
  }
}
