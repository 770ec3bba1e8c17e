public import Lineage

extension ScanFindings {
  /// The document of `scan --format json`, schema `unmask.scan/1`.
  ///
  /// Its last member, `interrupted`, is there only when it is true.
  public func json() -> String { document.text }

  var document: JSONText {
    .members(
      [
        ("schema", "unmask.scan/1"),
        ("models", .array(models.map(Self.json(model:)))),
        ("pairs", .array(pairs.map(Self.json(pair:)))),
        ("groups", .array(groups.map { .strings($0) })),
        ("mixtures", .array(mixtures.map(Self.json(mixture:)))),
        ("nearest", .array(nearest.map(Self.json(nearest:)))),
      ] + (isInterrupted ? [("interrupted", .bool(true))] : []))
  }

  private static func json(model: Model) -> JSONText {
    .object([
      "id": .string(model.id), "path": .string(model.path), "parameters": .optional(model.parameters),
      "layers": .optional(model.layers),
      "architecture": .optional(model.architecture), "error": .optional(model.error),
    ])
  }

  private static func json(pair: Pair) -> JSONText {
    let verdict = pair.verdict
    return .object([
      "candidate": .string(pair.candidate), "foundation": .string(pair.foundation),
      "relation": .string(verdict.relation.rawValue),
      "score": .number(verdict.score), "coverage": .optional(verdict.coverage), "cosine": .optional(verdict.cosine),
      "log10_p": .optional(verdict.log10P), "rewrites": .strings(verdict.rewrites),
    ])
  }

  /// `scan --format csv`: one row a pair; models that could not be read are rows with an `error`.
  public func csv() -> String {
    let head = ["candidate", "foundation", "relation", "score", "coverage", "cosine", "log10_p", "rewrites", "error"]
    let compared = pairs.map { pair in
      let v = pair.verdict
      return CSVText.row([
        pair.candidate, pair.foundation, v.relation.rawValue, CSVText.number(v.score), CSVText.number(v.coverage),
        CSVText.number(v.cosine), CSVText.number(v.log10P), v.rewrites.joined(separator: "; "), "",
      ])
    }
    let broken = models.compactMap { model in model.error.map { CSVText.row([model.id, "", "error", "", "", "", "", "", $0]) } }
    return CSVText.row(head) + (compared + broken).joined()
  }

  /// The model × model matrix of scores.
  public var heatmap: Heatmap {
    let scores = self.scores()
    return Heatmap(rows: scores.rows, columns: scores.columns, cells: scores.cells)
  }

  /// What a person reads: families, the kin first, then the rest, at most `most` pairs.
  public func text(palette: Palette, width: Int = 80, most: Int = 40) -> String {
    let readable = models.count { $0.error == nil }
    let kin = pairs.count { $0.verdict.relation.isKinship }
    var out =
      palette.bold(
        "\(Figures.counted(readable, "model")), \(Figures.counted(pairs.count, "pair")) compared, \(kin) of them kin") + "\n\n"
    if isInterrupted { out += palette.alarm("interrupted: not all pairs were compared") + "\n\n" }
    for family in groups where family.count > 1 {
      out += Self.list("family", family, width: width)
    }
    let alone = groups.filter { $0.count == 1 }.flatMap { $0 }
    if !alone.isEmpty { out += Self.list("without kin here", alone, width: width) }
    for mixture in mixtures.prefix(most) {
      out += TerminalText.wrapped(TerminalText.escaped("mixture: " + mixture.sentence), width: width) + "\n"
    }
    if mixtures.count > most { out += "… and \(mixtures.count - most) more mixtures (--format json has all)\n" }
    let ranked = self.ranked.prefix(most)
    if !ranked.isEmpty {
      out +=
        "\n"
        + Self.table(Array(ranked)).text(width: width, paintTitle: palette.bold) { row, line in
          palette.relation(ranked[row].verdict.relation, line)
        }
    }
    if pairs.count > most { out += "… and \(pairs.count - most) more pairs (--format csv or json has all)\n" }
    out += Self.text(nearest, most: most, width: width, palette: palette)
    for model in models {
      guard let error = model.error else { continue }
      // Most errors name the file, and with it the model.
      let line = "error: " + TerminalText.escaped(error.contains(model.id) ? error : model.id + ": " + error)
      out += "\n" + palette.alarm(TerminalText.wrapped(line, width: width)) + "\n"
    }
    return out
  }

  /// The same as a Markdown document, with every pair.
  public func markdown() -> String {
    let code = MarkdownText.code
    var out = "# \(Figures.counted(models.count, "model")), \(Figures.counted(pairs.count, "pair"))\n\n"
    if isInterrupted { out += "> interrupted: not all pairs were compared\n\n" }
    for family in groups where family.count > 1 { out += "- family: " + family.map(code).joined(separator: ", ") + "\n" }
    for mixture in mixtures { out += "- mixture: " + MarkdownText.escaped(mixture.sentence) + "\n" }
    if !nearest.isEmpty { out += "\n" + Self.table(nearest).markdown }
    out += "\n" + Self.table(ranked).markdown
    for model in models {
      guard let error = model.error else { continue }
      out += "\n> error: \(code(model.id)): \(MarkdownText.escaped(error))\n"
    }
    return out
  }

  /// The first names of a list, as many as a person wants to read.
  private static func list(_ title: String, _ names: [String], width: Int, most: Int = 20) -> String {
    let shown = names.prefix(most).map(TerminalText.escaped).joined(separator: ", ")
    let more = names.count > most ? " and \(names.count - most) more" : ""
    return TerminalText.wrapped("\(title) (\(names.count)): \(shown)\(more)", width: width) + "\n"
  }

  /// The pairs, surest kinship first; ties by name.
  var ranked: [Pair] {
    pairs.sorted { ($1.verdict.score, $0.candidate, $0.foundation) < ($0.verdict.score, $1.candidate, $1.foundation) }
  }

  static func table(_ pairs: [Pair]) -> ColumnTable {
    var table = ColumnTable([
      .words("candidate"), .words("foundation"), .words("relation"), .numbers("score"), .numbers("coverage"), .numbers("cosine"),
    ])
    for pair in pairs {
      let v = pair.verdict
      table.append([
        pair.candidate, pair.foundation, v.relation.rawValue, Figures.fixed(v.score, 4), Figures.percent(v.coverage),
        Figures.fixed(v.cosine, 4),
      ])
    }
    return table
  }
}
