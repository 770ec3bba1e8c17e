package import CardFindings
import Lineage
package import ModelAnatomy
import ModelCards
package import Pictures
package import TextFormats

/// The result of `verify`, for its exporters.
package struct VerificationReport: Sendable {
  /// The model that the card is about.
  package let model: ModelDescription
  /// The card, with what the weights say of it.
  package let finding: CardFinding
  /// The comparisons with the declared bases that were found, by the names of these.
  package let comparisons: [(base: String, report: ComparisonReport)]

  package init(model: ModelDescription, finding: CardFinding, comparisons: [(base: String, report: ComparisonReport)]) {
    (self.model, self.finding, self.comparisons) = (model, finding, comparisons)
  }

  /// The document of `verify --format json`, schema `unmask.verify/1`.
  package func json() -> String { document.text }

  package var document: JSONText {
    .object([
      "schema": "unmask.verify/1", "program": Program.name, "model": model.summaryJSON, "card": finding.json,
      "comparisons": .array(
        comparisons.map { base, report in
          .object([
            "base": .string(base), "foundation": report.foundation.summaryJSON, "verdict": report.verdict.json,
            "warnings": .strings(report.warnings),
          ])
        }),
    ])
  }

  /// The output of `verify --format csv`: one row for each declared base.
  package func csv() -> String {
    CSVText.row([
      "base", "source", "outcome", "found_by", "path", "relation", "score", "coverage", "cosine", "aligned_cosine", "log10_p",
    ])
      + finding.bases.map { base in
        let verdict = comparisons.first { $0.base == base.base.name }?.report.verdict
        return CSVText.row(
          [
            base.base.name, base.base.source.words, base.outcome.rawValue, base.identity?.words ?? "", base.path ?? "",
            base.relation?.rawValue ?? "",
          ]
            + [verdict?.score, verdict?.coverage, verdict?.cosine, verdict?.alignedCosine, verdict?.log10P].map(CSVText.number))
      }.joined()
  }

  /// The report as text; see `ComparisonReport.text`.
  package func text(palette: Palette, width: Int = 80, tables: Int? = nil) -> String {
    var out = palette.outcome(finding.outcome, finding.outcome.rawValue) + "\n"
    out += paragraph(finding.summary, width) + "\n"
    out += (facts.map { $0.name + String(repeating: " ", count: 19 - $0.name.count) + TerminalText.escaped($0.value) + "\n" })
      .joined()
    guard !finding.bases.isEmpty else { return out }
    out += "\n" + finding.table.text(width: tables ?? width, paintTitle: palette.bold)
    if finding.bases.count > 1 || finding.remark != nil {
      for base in finding.bases { out += "\n" + paragraph(base.sentence, width) }
    }
    for (base, report) in comparisons {
      out += "\n" + paragraph("\(base): \(report.verdict.statement)", width)
      for warning in report.warnings { out += paragraph("warning: " + warning, width) }
    }
    return out
  }

  /// The report as a Markdown document.
  package func markdown() -> String {
    var out = "# \(MarkdownText.code(model.name)) and its card: \(finding.outcome.rawValue)\n\n"
    out += MarkdownText.escaped(finding.summary) + "\n\n"
    out += facts.map { "- \($0.name): \(MarkdownText.escaped($0.value))\n" }.joined()
    if !finding.bases.isEmpty { out += "\n" + finding.table.markdown }
    for base in finding.bases where finding.bases.count > 1 { out += "\n" + MarkdownText.escaped(base.sentence) + "\n" }
    for (base, report) in comparisons {
      out += "\n\(MarkdownText.code(base)): \(MarkdownText.escaped(report.verdict.statement))\n"
      for warning in report.warnings { out += "\n> warning: \(MarkdownText.escaped(warning))\n" }
    }
    return out
  }

  /// The facts about the model and its card, each with its name.
  package var facts: [(name: String, value: String)] { [("model", model.name)] + finding.declarations }

  private func paragraph(_ text: String, _ width: Int) -> String {
    TerminalText.wrapped(TerminalText.escaped(text), width: width) + "\n"
  }
}
