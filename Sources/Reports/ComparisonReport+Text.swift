import CardFindings
import Lineage
import ModelAnatomy
package import Pictures
package import TextFormats
import WeightSimilarity

extension ComparisonReport {
  /// The report as text: the verdict in one sentence, the two models, the figures with their basis, the table.
  ///
  /// `width` is the width of paragraphs in columns. `tables` is the width of tables in columns (default: `width`); tables cut
  /// long names.
  package func text(by grouping: Grouping, palette: Palette, width: Int = 80, tables: Int? = nil) -> String {
    let tables = tables ?? width
    var out = ""
    let label = verdict.relation.rawValue
    out +=
      palette.relation(verdict.relation, label) + "\n"
      + TerminalText.wrapped(TerminalText.escaped(verdict.statement), width: width)
      + "\n\n"
    out += modelTable().text(width: tables)
    for line in bases { out += TerminalText.wrapped(TerminalText.escaped(line), width: width) + "\n" }
    out += "\n"
    out += figures(width: width) + "\n"
    for (title, words) in [("rewritten", verdict.rewrites.map(\.words)), ("tuned", verdict.tuning.map(\.words))]
    where !words.isEmpty {
      out += TerminalText.wrapped("\(title): " + TerminalText.escaped(words.joined(separator: "; ")), width: width) + "\n"
    }
    if let card {
      out += TerminalText.wrapped("card: \(card.outcome.rawValue). " + TerminalText.escaped(card.summary), width: width) + "\n"
    }
    if parts.count > 1, grouping != .component { out += "\n" + partTable().text(width: tables, paintTitle: palette.bold) }
    let table = self.table(by: grouping)
    if !table.isEmpty { out += "\n" + table.text(width: tables, paintTitle: palette.bold) }
    if !changeTable().isEmpty { out += "\n" + changeTable().text(width: tables, paintTitle: palette.bold) }
    out += unmatchedNames(width: tables)
    out += explanationText(palette: palette, width: width)
    for warning in warnings {
      out += "\n" + TerminalText.wrapped("warning: " + TerminalText.escaped(warning), width: width) + "\n"
    }
    return out
  }

  /// The report as a Markdown document.
  package func markdown(by grouping: Grouping) -> String {
    var out = "# \(Self.code(candidate.name)) against \(Self.code(foundation.name)): \(verdict.relation.rawValue)\n\n"
    out += MarkdownText.escaped(verdict.statement) + "\n\n"
    out += modelTable().markdown + "\n" + bases.map { MarkdownText.escaped($0) + "\n\n" }.joined() + figureTable().markdown
    for (title, words) in [("Rewritten", verdict.rewrites.map(\.words)), ("Tuned", verdict.tuning.map(\.words))]
    where !words.isEmpty {
      out += "\n\(title): " + MarkdownText.escaped(words.joined(separator: "; ")) + "\n"
    }
    if let card { out += "\nCard: \(card.outcome.rawValue). " + MarkdownText.escaped(card.summary) + "\n" }
    if !evidenceTable().isEmpty { out += "\n" + evidenceTable().markdown }
    if parts.count > 1, grouping != .component { out += "\n" + partTable().markdown }
    out += "\n" + table(by: grouping).markdown
    if !changeTable().isEmpty { out += "\n" + changeTable().markdown }
    for (side, names) in [("candidate", unmatched.candidate), ("foundation", unmatched.foundation)]
    where !names.isEmpty {
      out += "\nTensors of the \(side) without a counterpart: " + names.map(Self.code).joined(separator: ", ") + "\n"
    }
    out += explanationMarkdown
    for warning in warnings { out += "\n> warning: \(MarkdownText.escaped(warning))\n" }
    return out
  }

  /// The limits of the verdict, and a warning if both arguments are the same model.
  package var warnings: [String] {
    (isOneModel ? ["the candidate and the foundation are the same files, so they are always identical"] : [])
      + verdict.warnings
  }

  /// For each model that is an adapter: the base that supplied the rest of its weights. For each model that is not on this machine: its
  /// commit, and what was fetched of it.
  package var bases: [String] {
    [("candidate", candidate), ("foundation", foundation)].flatMap { side, model in
      [model.base.map { "\(side): adapter on \($0.words)" }, model.remote.map { "\(side): \($0.words)" }].compactMap(\.self)
    }
  }

  private static func code(_ name: String) -> String { MarkdownText.code(name) }

  package func modelTable() -> ColumnTable {
    var table = ColumnTable([
      .words(""), .names("model"), .words("architecture"), .numbers("layers"), .numbers("parameters"), .words("types"),
    ])
    for (side, model) in [("candidate", candidate), ("foundation", foundation)] {
      table.append([
        side, model.name, model.architecture ?? "unknown", String(model.layers), Figures.grouped(model.parameters),
        model.elementTypes.map(\.name).joined(separator: ", "),
      ])
    }
    return table
  }

  private func figureTable() -> ColumnTable {
    var table = ColumnTable([.numbers("coverage"), .numbers("cosine"), .numbers("certainty"), .numbers("log10 p")])
    table.append([
      Figures.percent(verdict.coverage), Figures.fixed(verdict.cosine, 5), Figures.fixed(verdict.score, 4),
      Figures.fixed(verdict.log10P, 1),
    ])
    return table
  }

  package func evidenceTable() -> ColumnTable {
    var table = ColumnTable([
      .words("evidence"), .numbers("value"), .numbers("null mean"), .numbers("null sd"), .numbers("draws"), .numbers("log10 p"),
    ])
    for evidence in verdict.evidence {
      table.append([
        evidence.test.words, Figures.fixed(evidence.value, 5), Figures.fixed(evidence.nullMean, 5),
        Figures.fixed(evidence.nullSD, 5),
        String(evidence.draws), Figures.fixed(evidence.log10P, 1),
      ])
    }
    return table
  }

  private func figures(width: Int) -> String {
    let coverage = similarity.sample == nil ? Figures.percent(verdict.coverage) : Words.coverage(verdict.coverage)
    var out =
      TerminalText.joined(
        [
          "coverage \(coverage)", "cosine \(Figures.fixed(verdict.cosine, 5))", "certainty \(Figures.fixed(verdict.score, 4))",
          "log10 p \(Figures.fixed(verdict.log10P, 1))",
        ], width: width) + "\n"
    if let aligned = similarity.overall.alignedCosine {
      out += "aligned cosine (after masks were undone): \(Figures.fixed(aligned, 5))\n"
    }
    for e in verdict.evidence {
      out += TerminalText.wrapped("evidence: \(e.test.words) \(e.figures(null: ", null"))", width: width) + "\n"
    }
    return String(out.dropLast())
  }

  /// The first few names without a counterpart. The JSON document lists all.
  private func unmatchedNames(width: Int) -> String {
    var out = ""
    for (side, names) in [("candidate", unmatched.candidate), ("foundation", unmatched.foundation)] {
      guard !names.isEmpty else { continue }
      out += "\n\(names.count) tensors of the \(side) have no counterpart:\n"
      out += TerminalText.cut(names.prefix(5).map(TerminalText.escaped), to: width - 2).map { "  \($0)\n" }.joined()
      if names.count > 5 { out += "  … and \(names.count - 5) more (--format json lists all)\n" }
    }
    return out
  }
}
