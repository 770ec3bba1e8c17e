import CardFindings
import Lineage
import ModelAnatomy
import Pictures
package import Reports
import TextFormats
import Unmask
package import WeightSimilarity

extension ComparisonReport {
  /// The report as one self-contained HTML file, to be handed over: the finding, what was compared, the evidence, how the verdict came
  /// about, what was not tested, the method with its thresholds, and how the report was made. `matrix` holds every layer against every
  /// layer, if that was computed. `record`: what the command knows of the run.
  package func html(matrix: LayerMatrix? = nil, record: RunRecord? = nil) -> String {
    Page(
      title: "\(candidate.name) against \(foundation.name): \(verdict.relation.rawValue)", head: head,
      sections: findings + pictures(matrix) + change + proceeding + [
        methodSection, thresholdSection,
      ] + (record.map { [$0.section(depth: depth?.rawValue)] } ?? []) + lists,
      data: similarity.tensors.count <= Page.mostData ? document(matrix: matrix) : nil
    ).text
  }

  private var head: [Markup] {
    let name = { (text: String) in Markup.element("b", [:], [.words(text)]) }
    return [
      .element("p", ["class": "verdict " + verdict.relation.kind], [.words(verdict.relation.rawValue)]),
      .element("h1", [:], [name(candidate.name), .words(" compared with "), name(foundation.name)]),
      .paragraph(verdict.statement, "lead"),
      .figures(
        [
          ("coverage", Figures.percent(verdict.coverage)), ("cosine", Figures.fixed(verdict.cosine, 5)),
        ]
          + (isAligned ? [("aligned cosine", Figures.fixed(similarity.overall.alignedCosine, 5))] : []) + [
            ("certainty", Figures.fixed(verdict.score, 4)), ("log10 p", Figures.fixed(verdict.log10P, 1)),
          ]),
    ] + found("Rewritten", verdict.rewrites.map(\.words)) + found("Tuned", verdict.tuning.map(\.words))
      + Markup.warnings(warnings)
  }

  private func found(_ title: String, _ lines: [String]) -> [Markup] {
    lines.isEmpty ? [] : [.paragraph("\(title): " + lines.joined(separator: "; "), "lead")]
  }

  /// The models, the card, the evidence and the parts.
  private var findings: [Page.Section] {
    [
      Page.Section(
        title: "The two models",
        content: [
          modelTable().html(caption: "as their tensors show them"),
          identityTable.html(caption: "files and hashes", long: [1, 2]),
        ]
          + bases.map { .paragraph($0) } + [.paragraph(Self.hashNote, "note")]),
      Page.Section(
        title: "The model card", note: "What the card declares is a claim. The outcome rests on the weights.",
        content: card.map { card in
          [.paragraph("\(card.outcome.rawValue). \(card.summary)"), .figures(card.declarations)]
            + (card.bases.isEmpty ? [] : [card.table.html(caption: "in the card's order")])
        } ?? []),
      Page.Section(
        title: "Evidence",
        note:
          "The value of each test, and its null distribution (what unrelated models give): the mean, with bands of one and two "
          + "standard deviations. The further the mark is from the band, the stronger is the evidence.",
        content: evidence),
      Page.Section(
        title: "Parts of the model",
        note: "Each part is compared with its counterpart and has its own verdict. The verdict above is that of the first part.",
        content: parts.count > 1 ? [partTable().html(caption: "by component")] : []),
    ]
  }

  private static let hashNote =
    "The content hash is SHA-256 over the names, types, shapes and bytes of all tensors. Files with the same content hash hold the same "
    + "weights, however they are split."

  /// Where the models are, and what identifies their weights.
  private var identityTable: ColumnTable {
    var table = ColumnTable([.words(""), .words("path"), .words("content hash")])
    for (side, model) in [("candidate", candidate), ("foundation", foundation)] {
      let absent = model.remote == nil ? "not computed" : "not computed: the model was read in part, from a hub"
      table.append([side, model.path, model.sha256 ?? absent])
    }
    return table
  }

  private var evidence: [Markup] {
    guard !evidenceTable().isEmpty else { return [.paragraph("No test was possible; the sentence above says why.")] }
    let strips = verdict.evidence.enumerated().compactMap { number, found in
      EvidenceStrip(
        test: found.test.words, value: found.value, nullMean: found.nullMean, nullSD: found.nullSD, draws: found.draws,
        log10P: found.log10P
      ).svg(id: "evidence-\(number)")
    }
    return [.element("div", ["class": "grid"], strips), evidenceTable().html(caption: "tests and their null distributions")]
  }

  /// The tables by layer and role beside each other, and what can be longer than a printed page: folded.
  private var lists: [Page.Section] {
    let unmatched = [("candidate", self.unmatched.candidate), ("foundation", self.unmatched.foundation)].map {
      side, names in
      let more =
        names.count > Self.mostNames
        ? ["… and \(Figures.grouped(names.count - Self.mostNames)) more (--format json lists all)"] : []
      return Page.Section(
        title: "\(Figures.counted(names.count, "tensor")) of the \(side) without a counterpart",
        content: names.isEmpty ? [] : [.list(names.prefix(Self.mostNames) + more)], isFolded: true)
    }
    return [
      section("Layers", .layer, .half), section("Roles", .role, .half), section("Tensors", .tensor, isFolded: true),
    ] + unmatched
  }

  /// The maximum number of names in a list of tensors.
  private static let mostNames = 5000

  private func section(
    _ title: String, _ grouping: Grouping, _ layout: Page.Section.Layout = .stacked, isFolded: Bool = false
  ) -> Page.Section {
    let rows = table(by: grouping)
    let content = rows.html(
      caption: "by \(grouping.rawValue)", most: Page.mostRows, rest: "--by \(grouping.rawValue) --format csv")
    return Page.Section(title: title, content: rows.isEmpty ? [] : [content], isFolded: isFolded, layout: layout)
  }
}

extension Lineage.Relation {
  /// The CSS class that colours the relation: the same three colours as in a terminal.
  var kind: String {
    switch self {
    case .identical, .derived, .merged, .partial: "kin"
    case .independent: "strange"
    case .insufficient: "open"
    }
  }
}
