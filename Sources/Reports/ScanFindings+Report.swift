public import Lineage
package import Pictures

extension ScanFindings {
  /// The document of `scan --format json`, schema `unmask.scan/1`.
  ///
  /// Its last members, `tree`, `not_looked_at` and `interrupted`, are there only when they say something. `tree`: the tree of these
  /// findings, where one was made; a model's foundations are in it.
  public func json(_ tree: FamilyTree? = nil) -> String { document(tree).text }

  /// The same, written as it is made: two million pairs are half a gigabyte.
  public func writeJSON(_ tree: FamilyTree? = nil, to out: inout some TextOutputStream) { document(tree).write(to: &out) }

  func document(_ tree: FamilyTree?) -> JSONText {
    var members: [(String, JSONText)] = [
      ("schema", "unmask.scan/1"),
      ("models", .array(models.map(Self.json(model:)))),
      ("pairs", .elements(pairs.count) { Self.json(pair: pairs[$0]) }),
      ("groups", .array(groups.map { .strings($0) })),
      ("mixtures", .array(mixtures.map(Self.json(mixture:)))),
      ("nearest", .array(nearest.map { Self.json(nearest: $0, tree) })),
    ]
    if let tree { members.append(("tree", .members(tree.members))) }
    if notLookedAt > 0 { members.append(("not_looked_at", .integer(notLookedAt))) }
    if isInterrupted { members.append(("interrupted", .bool(true))) }
    return .members(members)
  }

  static func json(model: Model) -> JSONText {
    .object([
      "id": .string(model.id), "path": .string(model.path), "parameters": .optional(model.parameters),
      "layers": .optional(model.layers),
      "architecture": .optional(model.architecture), "error": .optional(model.error),
    ])
  }

  private static func json(pair: ScanPair) -> JSONText {
    let verdict = pair.verdict
    return .object([
      "candidate": .string(pair.candidate), "foundation": .string(pair.foundation),
      "relation": .string(verdict.relation.rawValue),
      "score": .number(verdict.score), "coverage": .optional(verdict.coverage), "cosine": .optional(verdict.cosine),
      "aligned_cosine": .optional(verdict.alignedCosine), "log10_p": .optional(verdict.log10P),
      "rewrites": .strings(verdict.rewrites.map(\.words)), "tuning": .strings(verdict.tuning.map(\.words)),
    ])
  }

  /// `scan --format csv`: one row a pair; models that could not be read are rows with an `error`.
  public func csv() -> String {
    var out = ""
    writeCSV(to: &out)
    return out
  }

  /// The same, written as it is made.
  public func writeCSV(to out: inout some TextOutputStream) {
    out.write(
      CSVText.row([
        "candidate", "foundation", "relation", "score", "coverage", "cosine", "aligned_cosine", "log10_p", "rewrites", "tuning",
        "error",
      ]))
    for pair in pairs {
      let v = pair.verdict
      out.write(
        CSVText.row([
          pair.candidate, pair.foundation, v.relation.rawValue, CSVText.number(v.score), CSVText.number(v.coverage),
          CSVText.number(v.cosine), CSVText.number(v.alignedCosine), CSVText.number(v.log10P),
          v.rewrites.map(\.words).joined(separator: "; "),
          v.tuning.map(\.words).joined(separator: "; "), "",
        ]))
    }
    for model in models {
      guard let error = model.error else { continue }
      out.write(CSVText.row([model.id, "", "error", "", "", "", "", "", "", "", error]))
    }
  }

  /// The model × model matrix of scores.
  package var heatmap: Heatmap {
    let scores = self.scores()
    return Heatmap(rows: scores.rows, columns: scores.columns, cells: scores.cells)
  }

  /// What a person reads: families, the kin first, then the rest, at most `most` pairs.
  package func text(_ tree: FamilyTree? = nil, palette: Palette, width: Int = 80, most: Int = 40) -> String {
    let readable = models.count { $0.error == nil }
    let kin = pairs.indices.count { pairs.relation($0).isKinship }
    var out =
      palette.bold(
        "\(Figures.counted(readable, "model")), \(Figures.counted(pairs.count, "pair")) compared, \(kin) of them kin") + "\n\n"
    if isInterrupted { out += palette.alarm("interrupted: not all pairs were compared") + "\n\n" }
    let groups = self.groups
    for family in groups.prefix(most) where family.count > 1 {
      out += Self.list("family", family, width: width)
    }
    let unseen = groups.dropFirst(most).count { $0.count > 1 }
    if unseen > 0 { out += "… and \(Figures.counted(unseen, "family", "families")) more (--format json has all)\n" }
    let alone = groups.filter { $0.count == 1 }.flatMap { $0 }
    if !alone.isEmpty { out += Self.list("without kin here", alone, width: width) }
    for mixture in mixtures.prefix(most) {
      out += TerminalText.wrapped(TerminalText.escaped("mixture: " + mixture.sentence), width: width) + "\n"
    }
    if mixtures.count > most { out += "… and \(mixtures.count - most) more mixtures (--format json has all)\n" }
    let ranked = self.ranked(most: most)
    if !ranked.isEmpty {
      out +=
        "\n"
        + Self.table(ranked).text(width: width, paintTitle: palette.bold) { row, line in
          palette.relation(ranked[row].verdict.relation, line)
        }
    }
    if pairs.count > most { out += "… and \(pairs.count - most) more pairs (--format csv or json has all)\n" }
    if notLookedAt > 0 {
      out += "\n" + palette.alarm(TerminalText.wrapped(Self.sentence(notLookedAt: notLookedAt), width: width)) + "\n"
    }
    out += Self.text(nearest, tree, most: most, width: width, palette: palette)
    out += tree?.changes(most: most, width: width, palette: palette) ?? ""
    return out + errorLines(palette: palette, width: width)
  }

  /// What could not be read, for people.
  func errorLines(palette: Palette, width: Int) -> String {
    models.map { model in
      guard let error = model.error else { return "" }
      // Most errors name the file, and with it the model.
      let line = "error: " + TerminalText.escaped(error.contains(model.id) ? error : model.id + ": " + error)
      return "\n" + palette.alarm(TerminalText.wrapped(line, width: width)) + "\n"
    }.joined()
  }

  /// The same for a Markdown document.
  var markdownErrors: String {
    models.map { model in
      model.error.map { "\n> error: \(MarkdownText.code(model.id)): \(MarkdownText.escaped($0))\n" } ?? ""
    }.joined()
  }

  /// Pairs that a Markdown document lists: what a page of a repository still shows.
  private static let mostMarkdownPairs = 10_000

  /// The same as a Markdown document, with the first ten thousand pairs.
  public func markdown(_ tree: FamilyTree? = nil) -> String {
    let code = MarkdownText.code
    var out = "# \(Figures.counted(models.count, "model")), \(Figures.counted(pairs.count, "pair"))\n\n"
    if isInterrupted { out += "> interrupted: not all pairs were compared\n\n" }
    if notLookedAt > 0 { out += "> \(Self.sentence(notLookedAt: notLookedAt))\n\n" }
    for family in groups where family.count > 1 { out += "- family: " + family.map(code).joined(separator: ", ") + "\n" }
    for mixture in mixtures { out += "- mixture: " + MarkdownText.escaped(mixture.sentence) + "\n" }
    let nearest = self.nearest
    if !nearest.isEmpty { out += "\n" + Self.table(nearest, tree).markdown }
    if let changes = tree?.changes { out += "\n" + changes.markdown }
    out += "\n" + Self.table(ranked(most: Self.mostMarkdownPairs)).markdown
    if pairs.count > Self.mostMarkdownPairs {
      out += "\n\(Figures.grouped(pairs.count - Self.mostMarkdownPairs)) more pairs: --format csv or json has all\n"
    }
    return out + markdownErrors
  }

  /// What a bound on the work has left out, and what to do about it.
  static func sentence(notLookedAt: Int) -> String {
    "\(Figures.counted(notLookedAt, "pair")) of different families were not compared in full, only their families' first models; "
      + "--max-comparisons N compares more"
  }

  /// The first names of a list, as many as a person wants to read.
  private static func list(_ title: String, _ names: [String], width: Int, most: Int = 20) -> String {
    let shown = names.prefix(most).map(TerminalText.escaped).joined(separator: ", ")
    let more = names.count > most ? " and \(names.count - most) more" : ""
    return TerminalText.wrapped("\(title) (\(names.count)): \(shown)\(more)", width: width) + "\n"
  }

  /// The first of the pairs as a person reads them, see ``ScanPairs/ranked``.
  func ranked(most: Int) -> [ScanPair] { pairs.ranked.prefix(most).map { pairs[$0] } }

  /// Pairs with their figures; the cosine in the foundation's coordinates is beside where any has one.
  static func table(_ pairs: [ScanPair]) -> ColumnTable {
    let isAligned = pairs.contains { $0.verdict.alignedCosine != nil }
    var table = ColumnTable(
      [
        .words("candidate"), .words("foundation"), .words("relation"), .numbers("score"), .numbers("coverage"),
        .numbers("cosine"),
      ]
        + (isAligned ? [.numbers("aligned")] : []))
    for pair in pairs {
      let v = pair.verdict
      table.append(
        [
          pair.candidate, pair.foundation, v.relation.rawValue, Figures.fixed(v.score, 4), Figures.percent(v.coverage),
          Figures.fixed(v.cosine, 4),
        ] + (isAligned ? [Figures.fixed(v.alignedCosine, 4)] : []))
    }
    return table
  }
}
