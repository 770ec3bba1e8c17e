import CardFindings
import ModelAnatomy
import Pictures
package import Reports
import TextFormats

extension VerificationReport {
  /// The report as one self-contained HTML file. `record`: what the command knows of the run.
  package func html(record: RunRecord? = nil) -> String {
    Page(
      title: "\(model.name) and its card: \(finding.outcome.rawValue)",
      head: [
        .element("p", ["class": "verdict " + finding.outcome.kind], [.words(finding.outcome.rawValue)]),
        .element("h1", [:], [.element("b", [:], [.words(model.name)]), .words(" and its model card")]),
        .paragraph(finding.summary, "lead"), .figures(facts),
      ],
      sections: [
        Page.Section(
          title: "Declared bases", note: "What the card declares is a claim. The outcome rests on the weights.",
          content: finding.bases.isEmpty
            ? [] : [finding.table.html(caption: "in the card's order"), .list(finding.bases.map(\.sentence))]),
        Page.Section(
          title: "Comparisons",
          content: comparisons.flatMap { base, report in
            [.paragraph("\(base): \(report.verdict.statement)")] + Markup.warnings(report.warnings)
          }),
      ] + (record.map { [MethodText.section(), ThresholdText.section, $0.section(depth: nil)] } ?? []), data: document
    ).text
  }
}

extension CardOutcome {
  /// The CSS class that colours the outcome: the classes are named after relations, of which kinship has the colour of alarm.
  fileprivate var kind: String {
    switch self {
    case .confirmed: "strange"
    case .contradicted: "kin"
    case .undeclared, .unverifiable: "open"
    }
  }
}
