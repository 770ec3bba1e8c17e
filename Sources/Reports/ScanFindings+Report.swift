package import Lineage
package import Pictures
package import TextFormats

extension ScanFindings {
  /// The document of `scan --format json`, schema `unmask.scan/1`.
  ///
  /// The last members, `tree`, `not_looked_at`, `interrupted` and `skipped`, are present only if they have content. `tree` is
  /// the tree of these findings, if one was made; it contains the foundations of each model.
  package func json(_ tree: FamilyTree? = nil, _ facts: ScanFacts = ScanFacts()) -> String { document(tree, facts).text }

  /// Writes the document piece by piece: two million pairs take half a gigabyte.
  package func writeJSON(_ tree: FamilyTree? = nil, _ facts: ScanFacts = ScanFacts(), to out: inout some TextOutputStream) {
    document(tree, facts).write(to: &out)
  }

  package func document(_ tree: FamilyTree?, _ facts: ScanFacts) -> JSONText {
    let descent = Descent(tree, ids: pairs.ids)
    var members: [(String, JSONText)] = [
      ("schema", "unmask.scan/1"),
      ("program", Program.name), facts.member,
      ("models", .array(models.map { Self.json(model: $0, facts) })),
      ("pairs", .elements(pairs.count) { Self.json(pair: pairs[$0], hasDirection: isDescent(descent, $0)) }),
      ("groups", .array(groups.map { .strings($0) })),
      ("mixtures", .array(mixtures.map(Self.json(mixture:)))),
      (
        "shared_parts",
        .array(sharedParts.map { .object(["component": .string($0.component), "models": .strings($0.models)]) })
      ),
      ("nearest", .array(nearest.map { Self.json(nearest: $0, tree) })),
    ]
    if let tree { members.append(("tree", .members(tree.members))) }
    if notLookedAt > 0 { members.append(("not_looked_at", .integer(notLookedAt))) }
    if isInterrupted { members.append(("interrupted", .bool(true))) }
    return .members(members + skippedMembers)
  }

  /// The member `skipped` in the documents of a scan and of a tree; empty if no folder was skipped.
  var skippedMembers: [(String, JSONText)] {
    guard !skipped.isEmpty else { return [] }
    let folders = skipped.map { folder in
      JSONText.object(["id": .string(folder.id), "path": .string(folder.path), "format": .string(folder.format)])
    }
    return [("skipped", .array(folders))]
  }

  static func json(model: Model, _ facts: ScanFacts) -> JSONText {
    .object([
      "id": .string(model.id), "path": .string(model.path), "parameters": .optional(model.parameters),
      "layers": .optional(model.layers),
      "architecture": .optional(model.architecture), "sha256": .optional(facts.hash(of: model.id)),
      "revision": .optional(facts.revision(of: model.id)), "error": .optional(model.error),
    ])
  }

  private static func json(pair: ScanPair, hasDirection: Bool) -> JSONText {
    let verdict = pair.verdict
    return .object([
      "candidate": .string(pair.candidate), "foundation": .string(pair.foundation),
      "relation": .string(verdict.relation.rawValue),
      "score": .number(verdict.score), "coverage": .optional(verdict.coverage), "cosine": .optional(verdict.cosine),
      "aligned_cosine": .optional(verdict.alignedCosine), "log10_p": .optional(verdict.log10P),
      "rewrites": .strings(verdict.rewrites.map(\.words)), "tuning": .strings(verdict.tuning.map(\.words)),
      "direction": hasDirection ? .string(Self.direction) : .null,
    ])
  }

  /// The value in documents for a pair whose candidate comes from its foundation.
  private static let direction = "foundation to candidate"

  /// Whether the tree places the candidate of a pair below its foundation.
  private func isDescent(_ descent: Descent, _ index: Int) -> Bool {
    descent.isKnown(of: pairs.candidate(index), from: pairs.foundation(index))
  }

  /// The output of `scan --format csv`: one row for each pair. A model that could not be read is a row with an `error`.
  package func csv(_ tree: FamilyTree? = nil) -> String {
    var out = ""
    writeCSV(tree, to: &out)
    return out
  }

  /// Writes the CSV piece by piece.
  package func writeCSV(_ tree: FamilyTree? = nil, to out: inout some TextOutputStream) {
    let descent = Descent(tree, ids: pairs.ids)
    out.write(
      CSVText.row([
        "candidate", "foundation", "relation", "score", "coverage", "cosine", "aligned_cosine", "log10_p", "rewrites", "tuning",
        "error", "direction",
      ]))
    for index in pairs.indices {
      let pair = pairs[index]
      let v = pair.verdict
      out.write(
        CSVText.row([
          pair.candidate, pair.foundation, v.relation.rawValue, CSVText.number(v.score), CSVText.number(v.coverage),
          CSVText.number(v.cosine), CSVText.number(v.alignedCosine), CSVText.number(v.log10P),
          v.rewrites.map(\.words).joined(separator: "; "),
          v.tuning.map(\.words).joined(separator: "; "), "", isDescent(descent, index) ? Self.direction : "",
        ]))
    }
    for model in models {
      guard let error = model.error else { continue }
      out.write(CSVText.row([model.id, "", "error", "", "", "", "", "", "", "", error, ""]))
    }
  }

  /// The model × model matrix of scores.
  package var heatmap: Heatmap {
    let scores = self.scores()
    return Heatmap(rows: scores.rows, columns: scores.columns, cells: scores.cells)
  }

  /// The report as text: families and mixtures, what is nearest to what, what changed, then the pairs, related ones first; at most `most`
  /// of each.
  ///
  /// `width` is the width of paragraphs in columns. `tables` is the width of tables in columns (default: `width`); tables cut
  /// long names.
  package func text(_ tree: FamilyTree? = nil, palette: Palette, width: Int = 80, tables: Int? = nil, most: Int = 40) -> String {
    let tables = tables ?? width
    let readable = models.count { $0.error == nil }
    let kin = pairs.indices.count { pairs.relation($0).isKinship }
    var out =
      palette.bold(
        "\(Figures.counted(readable, "model")), \(Figures.counted(pairs.count, "pair")) compared, \(kin) of them "
          + "related") + "\n\n"
    if isInterrupted { out += palette.alarm("interrupted: not all pairs were compared") + "\n\n" }
    let groups = self.groups
    for family in groups.prefix(most) where family.count > 1 {
      out += Self.list("family", family, width: width)
    }
    let unseen = groups.dropFirst(most).count { $0.count > 1 }
    if unseen > 0 { out += "… and \(Figures.counted(unseen, "family", "families")) more (--format json lists all)\n" }
    let alone = groups.filter { $0.count == 1 }.flatMap { $0 }
    if !alone.isEmpty { out += Self.list("without relatives here", alone, width: width) }
    for mixture in mixtures.prefix(most) {
      out += TerminalText.wrapped(TerminalText.escaped("mixture: " + mixture.sentence), width: width) + "\n"
    }
    if mixtures.count > most { out += "… and \(mixtures.count - most) more mixtures (--format json lists all)\n" }
    for part in sharedParts.prefix(most) {
      out += TerminalText.wrapped(TerminalText.escaped(part.sentence), width: width) + "\n"
    }
    if sharedParts.count > most { out += "… and \(sharedParts.count - most) more shared parts (--format json lists all)\n" }
    if notLookedAt > 0 {
      out += "\n" + palette.alarm(TerminalText.wrapped(Self.sentence(notLookedAt: notLookedAt), width: width)) + "\n"
    }
    out += Self.text(nearest, tree, most: most, width: width, tables: tables, palette: palette)
    out += tree?.changes(most: most, width: width, palette: palette) ?? ""
    out += pairLines(tree, most: most, width: width, tables: tables, palette: palette)
    return out + errorLines(most: most, palette: palette, width: width)
  }

  /// The first `most` pairs as text.
  private func pairLines(_ tree: FamilyTree?, most: Int, width: Int, tables: Int, palette: Palette) -> String {
    var out = ""
    let ranked = self.ranked(most: most, tree)
    if !ranked.isEmpty {
      if pairs.indices.contains(where: { pairs.relation($0).isKinship }) {
        out += "\n" + TerminalText.wrapped(Self.orderNote(tree), width: width) + "\n"
      }
      var table = Self.table(ranked)
      let parent = tables < table.width ? commonParent : ""
      if !parent.isEmpty {
        table = Self.table(ranked, below: parent)
        out += "\n" + TerminalText.wrapped("names are below " + TerminalText.escaped(parent), width: width)
      }
      out +=
        "\n"
        + table.text(width: tables, paintTitle: palette.bold) { row, line in
          palette.relation(ranked[row].pair.verdict.relation, line)
        }
    }
    if pairs.count > most { out += "… and \(pairs.count - most) more pairs (--format csv or json lists all)\n" }
    return out
  }

  /// A sentence that names the folders skipped because of the format of their weights; nil if none was skipped.
  package var skippedSentence: String? {
    guard !skipped.isEmpty else { return nil }
    let most = 5
    let names = skipped.prefix(most).map { "\($0.id) (\($0.format))" }.joined(separator: ", ")
    let more = skipped.count > most ? " and \(skipped.count - most) more" : ""
    return "not compared, because the format of the weights is not supported: \(names)\(more); convert them to safetensors"
  }

  /// The skipped folders and the first `most` models that could not be read, as text.
  func errorLines(most: Int, palette: Palette, width: Int) -> String {
    let note = skippedSentence.map { "\n" + palette.alarm(TerminalText.wrapped(TerminalText.escaped($0), width: width)) + "\n" }
    let broken = models.compactMap { model in model.error.map { (id: model.id, error: $0) } }
    let lines = broken.prefix(most).map { id, error in
      // Most errors name the file, and so also the model.
      let line = "error: " + TerminalText.escaped(error.contains(id) ? error : id + ": " + error)
      return "\n" + palette.alarm(TerminalText.wrapped(line, width: width)) + "\n"
    }
    let more = broken.count > most ? "\n… and \(broken.count - most) more errors (--format csv or json lists all)\n" : ""
    return (note ?? "") + lines.joined() + more
  }

  /// The skipped folders and the models that could not be read, for a Markdown document.
  var markdownErrors: String {
    (skippedSentence.map { "\n> \(MarkdownText.escaped($0))\n" } ?? "")
      + models.map { model in
        model.error.map { "\n> error: \(MarkdownText.code(model.id)): \(MarkdownText.escaped($0))\n" } ?? ""
      }.joined()
  }

  /// The maximum number of pairs in a Markdown document: repository pages still show this many.
  private static let mostMarkdownPairs = 10_000

  /// The findings as a Markdown document, with the first ten thousand pairs.
  package func markdown(_ tree: FamilyTree? = nil) -> String {
    let code = MarkdownText.code
    var out = "# \(Figures.counted(models.count, "model")), \(Figures.counted(pairs.count, "pair"))\n\n"
    if isInterrupted { out += "> interrupted: not all pairs were compared\n\n" }
    if notLookedAt > 0 { out += "> \(Self.sentence(notLookedAt: notLookedAt))\n\n" }
    for family in groups where family.count > 1 { out += "- family: " + family.map(code).joined(separator: ", ") + "\n" }
    for mixture in mixtures { out += "- mixture: " + MarkdownText.escaped(mixture.sentence) + "\n" }
    for part in sharedParts { out += "- " + MarkdownText.escaped(part.sentence) + "\n" }
    let nearest = self.nearest
    if !nearest.isEmpty { out += "\n" + Self.table(nearest, tree).markdown }
    if let changes = tree?.changes { out += "\n" + changes.markdown }
    if pairs.indices.contains(where: { pairs.relation($0).isKinship }) { out += "\n\(Self.orderNote(tree))\n" }
    out += "\n" + Self.table(ranked(most: Self.mostMarkdownPairs, tree)).markdown
    if pairs.count > Self.mostMarkdownPairs {
      out += "\n\(Figures.grouped(pairs.count - Self.mostMarkdownPairs)) more pairs; --format csv or json lists all\n"
    }
    return out + markdownErrors
  }

  /// A sentence about the pairs that the limit on the work left out, and how to include them.
  package static func sentence(notLookedAt: Int) -> String {
    "\(Figures.counted(notLookedAt, "pair")) of different families were not compared in full; only the first models of these "
      + "families were "
      + "(raise the limit with --max-comparisons)"
  }

  /// The first names of a list, at most `most`.
  private static func list(_ title: String, _ names: [String], width: Int, most: Int = 20) -> String {
    let shown = names.prefix(most).map(TerminalText.escaped).joined(separator: ", ")
    let more = names.count > most ? " and \(names.count - most) more" : ""
    return TerminalText.wrapped("\(title) (\(names.count)): \(shown)\(more)", width: width) + "\n"
  }

  /// The meaning of the order in a pair, for the line above a table of pairs.
  package static func orderNote(_ tree: FamilyTree?) -> String {
    let rest = "says nothing about which model came first"
    return tree == nil
      ? "The order of a pair \(rest)."
      : "In a pair with ← the candidate comes from the foundation, as far as the family tree tells. The order of the other pairs \(rest)."
  }

  /// The common parent folder of all models, with a final slash; empty if that is the scanned folder.
  private var commonParent: String {
    let ids = models.map { Array($0.id.utf8) }
    guard var prefix = ids.first else { return "" }
    for id in ids { prefix = Array(zip(prefix, id).prefix { $0 == $1 }.map(\.0)) }
    guard let slash = prefix.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(decoding: prefix[...slash], as: UTF8.self)
  }

  /// The first pairs in the order of text output, see ``ScanPairs/ranked``, and whether the tree places the candidate below the
  /// foundation.
  package func ranked(most: Int, _ tree: FamilyTree?) -> [(pair: ScanPair, hasDirection: Bool)] {
    let descent = Descent(tree, ids: pairs.ids)
    return pairs.ranked.prefix(most).map { (pairs[$0], isDescent(descent, $0)) }
  }

  /// Pairs with their figures. The cosine in the foundation's coordinates is a column if any pair has one. `parent` is the
  /// prefix of ids that the table leaves out.
  package static func table(_ pairs: [(pair: ScanPair, hasDirection: Bool)], below parent: String = "") -> ColumnTable {
    let isAligned = pairs.contains { $0.pair.verdict.alignedCosine != nil }
    let isDirected = pairs.contains(where: \.hasDirection)
    let name = { (id: String) in id.utf8.starts(with: parent.utf8) ? String(Substring(id.utf8.dropFirst(parent.utf8.count))) : id
    }
    var table = ColumnTable(
      [.names("candidate")] + (isDirected ? [.words("")] : []) + [
        .names("foundation"), .words("relation"), .numbers("certainty"), .numbers("coverage"), .numbers("cosine"),
      ] + (isAligned ? [.numbers("aligned")] : []), keys: isDirected ? 3 : 2)
    for (pair, hasDirection) in pairs {
      let v = pair.verdict
      table.append(
        [name(pair.candidate)] + (isDirected ? [hasDirection ? "←" : ""] : []) + [
          name(pair.foundation), v.relation.rawValue, Figures.fixed(v.score, 4), Figures.percent(v.coverage),
          Figures.fixed(v.cosine, 4),
        ] + (isAligned ? [Figures.fixed(v.alignedCosine, 4)] : []))
    }
    return table
  }
}
