package import Lineage
package import Pictures
import TextFormats

extension ScanFindings {
  /// The maximum number of pairs in the table of a page, the closest first. The data of the page hold all pairs up to 2 ·
  /// `Page.mostRows`.
  private static let mostPairs = 1000

  /// The report as one self-contained HTML file: families, their trees if `tree` has them, the model × model matrix in their
  /// order, the closest pairs, the models and the errors of unreadable models.
  package func html(_ tree: FamilyTree? = nil) -> String {
    let groups = self.groups
    let families = groups.filter { $0.count > 1 }
    let alone = groups.filter { $0.count == 1 }.flatMap { $0 }
    let kin = pairs.indices.count { pairs.relation($0).isKinship }
    let broken = unreadable
    let shown = ranked(most: Self.mostPairs, tree)
    let nearest = self.nearest
    var lists = families.prefix(200).map { Self.line("family", $0) }
    if families.count > 200 { lists.append("… and \(Figures.counted(families.count - 200, "family", "families"))") }
    if !alone.isEmpty { lists.append(Self.line("without relatives here", alone)) }
    return Page(
      title: "Scan of \(Figures.counted(models.count, "model"))",
      head: [
        .element(
          "p", ["class": "verdict " + (families.isEmpty ? "strange" : "kin")], [.words(Self.headline(families: families.count))]),
        .element("h1", [:], [.words("A scan of \(Figures.counted(models.count, "model"))")]),
        .figures([
          ("models read", Figures.grouped(models.count - broken.count)), ("could not be read", Figures.grouped(broken.count)),
          ("pairs compared", Figures.grouped(pairs.count)), ("related pairs", Figures.grouped(kin)),
          ("without relatives", Figures.grouped(alone.count)),
        ]),
      ] + Markup.warnings(firstErrors(rest: "see the table") + (skippedSentence.map { [$0] } ?? [])),
      sections: [
        Page.Section(
          title: "Families", note: "Models that are related to each other, directly or through other models.",
          content: lists.isEmpty ? [] : [.list(lists)], isFolded: families.count > 20)
      ] + (tree.map { [$0.pictures, $0.changed] } ?? []) + [
        Page.Section(
          title: "Mixtures", note: "Models that are combinations of other models, weight by weight or layer by layer.",
          content: mixtures.isEmpty
            ? []
            : [
              .list(
                mixtures.prefix(200).map(\.sentence)
                  + (mixtures.count > 200
                    ? ["… and \(Figures.counted(mixtures.count - 200, "mixture")); --format json has all"] : []))
            ]),
        Page.Section(
          title: "Shared parts",
          note: "Parts beside the main ones, such as vision towers, that several models have in common. They make no family.",
          content: sharedParts.isEmpty
            ? []
            : [
              .list(
                sharedParts.prefix(200).map(\.sentence)
                  + (sharedParts.count > 200 ? ["… and \(sharedParts.count - 200) more; --format json has all"] : []))
            ]),
        Page.Section(
          title: "Nearest",
          note:
            "For each model the closest relative with other weights (cosine times coverage), and the gap to the next one. "
            + "Closeness does not say "
            + "which model came first; the family tree weighs that.",
          content: nearest.isEmpty
            ? [] : [Self.table(nearest, tree).html(caption: "by name", most: Page.mostRows, rest: "--format json")]),
        Page.Section(
          title: "Every model with every model",
          note: "Models of one family stand together, with lines between families. The certainty says how sure the relation is, "
            + "not how similar the models are.",
          content: pairs.isEmpty ? [] : familyMap(groups).html(id: "models")),
        Page.Section(
          title: "Pairs",
          note: "The most closely related pairs come first. " + Self.orderNote(tree)
            + (notLookedAt > 0 ? " " + Self.sentence(notLookedAt: notLookedAt) + "." : ""),
          content: shown.isEmpty
            ? []
            : [
              Self.table(shown).html(
                caption: Figures.counted(pairs.count, "pair")
                  + (pairs.count > shown.count
                    ? ", of which the first \(Figures.grouped(shown.count)) are shown; --format csv has all" : ""),
                rowClass: { shown[$0].pair.verdict.relation.kind })
            ]),
        Page.Section(title: "Models", content: [modelTable.html(caption: "by name", most: Page.mostRows, rest: "--format json")]),
      ], data: pairs.count <= 2 * Page.mostRows ? document(tree) : nil
    ).text
  }

  /// The headline of a page.
  static func headline(families count: Int) -> String {
    count == 0 ? "no related models" : count == 1 ? "one family" : "\(Figures.grouped(count)) families"
  }

  /// The first errors and the number of further errors. `rest` says where to find those.
  func firstErrors(rest: String) -> [String] {
    let (broken, most) = (unreadable, 10)
    let lines = broken.prefix(most).map { "\($0.id): \($0.error ?? "")" }
    return broken.count > most
      ? lines + ["\(Figures.counted(broken.count - most, "model")) more could not be read; \(rest)"] : lines
  }

  /// The matrix of scores for a picture: families together, the largest first, then the models without relatives.
  package var familyMap: Heatmap { familyMap(groups) }

  private func familyMap(_ groups: [[String]]) -> Heatmap {
    let scores = self.scores()
    let families = groups.filter { $0.count > 1 } + [groups.filter { $0.count == 1 }.flatMap { $0 }]
    let order = { (ids: [String]) -> (ids: [String], places: [Int], breaks: [Int]) in
      let places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
      let kept = families.map { family in family.filter { places[$0] != nil } }.filter { !$0.isEmpty }
      let sizes = kept.map(\.count)
      let breaks = sizes.indices.dropFirst().map { sizes[..<$0].reduce(0, +) }
      let sorted = kept.flatMap { $0 }
      return (sorted, sorted.compactMap { places[$0] }, breaks)
    }
    let (rows, columns) = (order(scores.rows), order(scores.columns))
    return Heatmap(
      rows: rows.ids, columns: columns.ids, cells: rows.places.map { row in columns.places.map { scores.cells[row][$0] } },
      title: "Relatedness of \(Figures.counted(Set(rows.ids + columns.ids).count, "model"))",
      notes: ["rows: candidates, columns: foundations; families together"],
      measure: "certainty: how sure the relation is"
    ).divided(rows: rows.breaks, columns: columns.breaks)
  }

  private static func line(_ title: String, _ names: [String]) -> String {
    let more = names.count > 100 ? " and \(Figures.grouped(names.count - 100)) more" : ""
    return "\(title) (\(Figures.grouped(names.count))): " + names.prefix(100).joined(separator: ", ") + more
  }

  private var modelTable: ColumnTable {
    var table = ColumnTable([
      .words("model"), .words("architecture"), .numbers("layers"), .numbers("parameters"), .words("error"),
    ])
    for model in models {
      table.append([
        model.id, model.architecture ?? "–", model.layers.map { String($0) } ?? "–", model.parameters.map(Figures.grouped) ?? "–",
        model.error ?? "",
      ])
    }
    return table
  }
}
