package import Lineage
import Pictures
package import Reports
import TextFormats
import Unmask

extension ScanFindings {
  /// The report as one self-contained HTML file: families, their trees if `tree` has them, the model × model matrix in their
  /// order, the closest pairs, the models and the errors of unreadable models. `facts` and `record`: what the command knows of the run.
  package func html(_ tree: FamilyTree? = nil, _ facts: ScanFacts = ScanFacts(), record: RunRecord? = nil) -> String {
    let groups = self.groups
    let families = groups.filter { $0.count > 1 }
    let alone = groups.filter { $0.count == 1 }.flatMap { $0 }
    let kin = pairs.indices.count { pairs.relation($0).isKinship }
    let broken = unreadable
    let shown = ranked(most: Page.mostRows, tree)
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
        Page.Section(
          title: "Models",
          content: [modelTable(facts).html(caption: "by name", most: Page.mostRows, rest: "--format json", long: [4, 5])]),
      ] + Self.closing(facts, record), data: pairs.count <= Page.mostData ? document(tree, facts) : nil
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

  private static func line(_ title: String, _ names: [String]) -> String {
    let more = names.count > 100 ? " and \(Figures.grouped(names.count - 100)) more" : ""
    return "\(title) (\(Figures.grouped(names.count))): " + names.prefix(100).joined(separator: ", ") + more
  }

  private func modelTable(_ facts: ScanFacts) -> ColumnTable {
    var table = ColumnTable(
      [.words("model"), .words("architecture"), .numbers("layers"), .numbers("parameters"), .words("error")]
        + (facts.hashes.isEmpty ? [] : [.words("content hash")]))
    for model in models {
      table.append(
        [
          model.id, model.architecture ?? "–", model.layers.map { String($0) } ?? "–",
          model.parameters.map(Figures.grouped) ?? "–",
          model.error ?? "",
        ] + (facts.hashes.isEmpty ? [] : [facts.hash(of: model.id) ?? "–"]))
    }
    return table
  }

  /// The last sections of the pages of a scan and of a tree: method, thresholds, what was not tested, and how the report was made.
  static func closing(_ facts: ScanFacts, _ record: RunRecord?) -> [Page.Section] {
    guard let record else { return [] }
    let all =
      "All models are compared with each other in one reading of the weights. Pairs that this does not decide are compared as unmask "
      + "compare does, the closest first; unmask compare --report shows the tests of a pair."
    let hashes =
      facts.hashes.isEmpty
      ? ["Content hashes of the models were not computed (--hash)."]
      : ["The content hash is SHA-256 over the names, types, shapes and bytes of all tensors of a model."]
    return [
      Page.Section(
        title: "What was not tested",
        content: [
          .list(
            [
              "Who came first, except where the family tree shows an arrow: the weights of two models have no direction.",
              "Distillation and training data. A student that learnt only from the answers of a teacher has nothing of its weights.",
              "Models that are not in the scanned folders: a common parent may be elsewhere.",
              "Names, configuration files, tokenizers, model cards and program code.",
            ] + hashes)
        ]), MethodText.section([all]), ThresholdText.section, record.section(depth: facts.depth?.rawValue),
    ]
  }
}
