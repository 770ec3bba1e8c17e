import CardFindings
import Lineage
import ModelAnatomy
import Pictures
import TextFormats
package import WeightSimilarity

extension ComparisonReport {
  /// The report as one self-contained HTML file. `matrix` holds every layer against every layer, if that was computed.
  package func html(matrix: LayerMatrix? = nil) -> String {
    let isSmall = similarity.tensors.count <= Page.mostRows
    var page = Page(
      title: "\(candidate.name) against \(foundation.name): \(verdict.relation.rawValue)", head: head,
      sections: [
        Page.Section(
          title: "The two models",
          content: [modelTable().html(caption: "as their tensors show them")] + bases.map { .paragraph($0) }),
        Page.Section(
          title: "The model card", note: "What the card declares is a claim. The outcome rests on the weights.",
          content: card.map { card in
            [.paragraph("\(card.outcome.rawValue). \(card.summary)"), .figures(card.declarations)]
              + (card.bases.isEmpty ? [] : [card.table.html(caption: "in the card's order")])
          } ?? []),
        Page.Section(
          title: "Evidence",
          note: "The value of each test, and its null distribution (what unrelated models give): the mean, with bands of one "
            + "and two "
            + "standard deviations. The further the mark is from the band, the stronger is the evidence.",
          content: evidence),
        Page.Section(
          title: "Parts of the model",
          note:
            "Each part is compared with its counterpart and has its own verdict. The verdict above is that of the first part.",
          content: parts.count > 1 ? [partTable().html(caption: "by component")] : []),
        Page.Section(title: "Layer by layer", content: layerPlots),
      ], data: isSmall ? document(matrix: matrix) : nil)
    let layersByLayers = "Every layer with every layer"
    if !LayerPairs.canBeTried(candidate.layers, foundation.layers) {
      page.sections.append(
        Page.Section(
          title: layersByLayers,
          content: [
            .paragraph(
              "Not drawn, because the models have more than "
                + "\(LayerPairs.most) pairs of layers.")
          ]))
    }
    if let matrix, matrix.cells.contains(where: { $0.contains { $0 != nil } }) {
      page.sections.append(
        Page.Section(
          title: layersByLayers,
          note: "A line along the diagonal shows layers at their original position. A line elsewhere shows layers that were "
            + "dropped, repeated or moved.",
          content: matrix.heatmap(candidate: candidate.name, foundation: foundation.name).html(id: "layers")))
    }
    let maps = Metric.maps.flatMap { metric in roleMap(of: metric)?.html(id: metric.mapID ?? metric.id) ?? [] }
    if !maps.isEmpty {
      page.sections.append(
        Page.Section(
          title: "Which parts changed",
          note: "The figures of the tables, by role and layer. The distance has its own scale.",
          content: maps))
    }
    if !changeTable().isEmpty {
      page.sections.append(
        Page.Section(
          title: "What tuning changed",
          note:
            "Frozen means that every element is equal. The rank is the number of directions of a change that rounding cannot "
            + "explain: one low number "
            + "in all matrices is the trace of a merged LoRA.",
          content: [changeTable().html(caption: "by role")]))
    }
    page.sections += (explanationSection.map { [$0] } ?? []) + tables
    return page.text
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

  private var evidence: [Markup] {
    guard !evidenceTable().isEmpty else { return [.paragraph("No test was possible; the sentence above says why.")] }
    let strips = verdict.evidence.enumerated().compactMap { number, found in
      EvidenceStrip(
        test: found.test.words, value: found.value, nullMean: found.nullMean, nullSD: found.nullSD, draws: found.draws,
        log10P: found.log10P
      ).svg(id: "evidence-\(number)")
    }
    return strips + [evidenceTable().html(caption: "tests and their null distributions")]
  }

  private var layerPlots: [Markup] {
    let layers = similarity.layers
    guard !layers.isEmpty else { return [] }
    let labels = layers.map { String($0.layer) }
    return Metric.Plot.allCases.map { plot in
      let series = Metric.series(of: plot, isMasked: isAligned).map { metric in
        LinePlot.Series(name: metric.name, values: layers.map { $0.similarity.values[metric] })
      }
      return LinePlot(title: plot.title, labels: labels, axis: "layer", series: series, floor: 0, ceiling: plot.ceiling)
        .svg(id: plot.id)
    }
  }

  private var tables: [Page.Section] {
    let table = { (title: String, grouping: Grouping, isFolded: Bool) in
      let rows = self.table(by: grouping)
      let content = rows.html(
        caption: "by \(grouping.rawValue)", most: Page.mostRows, rest: "--by \(grouping.rawValue) --format csv")
      return Page.Section(title: title, content: rows.isEmpty ? [] : [content], isFolded: isFolded)
    }
    let unmatched = [("candidate", self.unmatched.candidate), ("foundation", self.unmatched.foundation)].map {
      side, names in
      let more =
        names.count > Page.mostRows
        ? ["… and \(Figures.grouped(names.count - Page.mostRows)) more (--format json lists all)"] : []
      return Page.Section(
        title: "\(Figures.counted(names.count, "tensor")) of the \(side) without a counterpart",
        content: names.isEmpty ? [] : [.list(names.prefix(Page.mostRows) + more)], isFolded: true)
    }
    return [table("Layers", .layer, false), table("Roles", .role, false), table("Tensors", .tensor, true)] + unmatched
  }
}

extension Relation {
  /// The CSS class that colours the relation: the same three colours as in a terminal.
  var kind: String {
    switch self {
    case .identical, .derived, .merged, .partial: "kin"
    case .independent: "strange"
    case .insufficient: "open"
    }
  }
}
