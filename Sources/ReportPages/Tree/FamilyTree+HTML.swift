package import Lineage
import Pictures
package import Reports
import TextFormats

extension FamilyTree {
  /// The maximum number of families that a page draws.
  private static let mostPictures = 100

  /// The report as one self-contained HTML file: a picture of each family, the edges with their evidence, and the models
  /// without relatives. `facts` and `record`: what the command knows of the run.
  package func html(_ facts: ScanFacts = ScanFacts(), record: RunRecord? = nil) -> String {
    let broken = findings.unreadable
    let directed = edges.count { $0.isDirected }
    let alone = strangers.map { title(of: $0) }
    return Page(
      title: "Family tree of \(Figures.counted(findings.models.count, "model"))",
      head: [
        .element(
          "p", ["class": "verdict " + (families.isEmpty ? "strange" : "kin")],
          [
            .words(ScanFindings.headline(families: families.count))
          ]),
        .element("h1", [:], [.words("The family tree of \(Figures.counted(findings.models.count, "model"))")]),
        .figures([
          ("models read", Figures.grouped(findings.models.count - broken.count)), ("edges", Figures.grouped(edges.count)),
          ("with a direction", Figures.grouped(directed)), ("mixtures", Figures.grouped(mixed.count)),
          ("without relatives", Figures.grouped(alone.count)),
        ]),
      ]
        + Markup.warnings(
          findings.firstErrors(rest: "--format json names them") + (findings.skippedSentence.map { [$0] } ?? [])
            + (findings.notLookedAt > 0 ? [ScanFindings.sentence(notLookedAt: findings.notLookedAt)] : [])
            + (findings.isInterrupted ? ["interrupted: not all pairs were compared"] : [])),
      sections: [
        pictures,
        Page.Section(
          title: "Edges", note: "The evidence for each edge, with the odds that it gives to the direction shown.",
          content: edges.isEmpty
            ? []
            : [
              .element(
                "div", ["class": "edges"],
                [table(of: edges).html(caption: "by child", most: Page.mostRows, rest: "--format csv")])
            ]),
        changed,
        Page.Section(
          title: "Without relatives", content: alone.isEmpty ? [] : [.list(Array(alone.prefix(1000)))], isFolded: alone.count > 50
        ),
      ] + ScanFindings.closing(facts, record), data: edges.count <= Page.mostData ? document(facts) : nil
    ).text
  }

  /// A picture of each family.
  var pictures: Page.Section {
    let drawn = families.prefix(Self.mostPictures).enumerated().flatMap { number, root -> [Markup] in
      let picture = TreePicture(self, root: root)
      let svg = Markup.element("div", ["class": "scroll"], [picture.svg(id: "tree-\(number)")])
      return picture.isWhole
        ? [svg] : [svg, .paragraph("The first \(TreePicture.mostRows) models; the data contain all edges.", "note")]
    }
    return Page.Section(
      title: "Which model descends from which",
      note:
        "An arrow points from parent to child. A dashed line connects related models whose order the weights do not tell. "
        + "Beside each name stand the cosine with its parent and the probability of the direction. Thin arcs come from further parents of mixtures.",
      content: drawn
        + (families.count > Self.mostPictures
          ? [.paragraph("… and \(families.count - Self.mostPictures) more families", "note")] : []))
  }

  /// The changes by tuning.
  var changed: Page.Section {
    Page.Section(
      title: "What changed",
      note: "Compared with each model's nearest relative towards the root, where both have the same coordinates.",
      content: changes.map { table in
        [.element("div", ["class": "edges"], [table.html(caption: "by child", most: Page.mostRows, rest: "--format json")])]
      } ?? [])
  }
}
