package import Lineage
import MergeAnalysis
import Pictures
package import TextFormats

extension ScanFindings.MixedModel {
  /// "llama-a-merged = 0.60 llama-a-sft + 0.40 llama-a-sft2 (linear)", for text output.
  package var sentence: String {
    let sum = parents.map { "\(Figures.fixed($0.share, 2)) \($0.model)" }.joined(separator: " + ")
    let onBase = base.map { " on \($0)" } ?? ""
    let rest = mixture.isExact ? "" : ", changed afterwards by \(Figures.percent(mixture.residual))"
    return "\(candidate) = \(sum) (\(mixture.method)\(onBase)\(rest))"
  }
}

extension ScanFindings {
  static func json(mixture: MixedModel) -> JSONText {
    .object([
      "candidate": .string(mixture.candidate),
      "parents": .array(
        mixture.parents.map { .object(["model": .string($0.model), "share": .number($0.share)]) }),
      "base": .optional(mixture.base), "kind": .string(mixture.mixture.kind.rawValue),
      "residual": .number(mixture.mixture.residual), "exact": .bool(mixture.mixture.isExact),
      "layers": .array(
        mixture.mixture.layers.map { layer in
          .object(["layer": .optional(layer.layer), "shares": .array(layer.shares.map { .number($0) })])
        }),
      "merge": mixture.mixture.recipe.map { json(recipe: $0, of: mixture) } ?? .null,
    ])
  }

  private static func json(recipe: MergeRecipe, of mixture: MixedModel) -> JSONText {
    .object([
      "methods": .strings(recipe.methods.map(\.rawValue)), "base": .optional(recipe.base.flatMap(mixture.id(of:))),
      "equal_to_base": .optional(recipe.equalToBase),
      "models": .array(
        recipe.parts.map { part in
          .object([
            "model": .optional(mixture.id(of: part.model)), "weight": .optional(part.weight),
            "density": .optional(part.density), "equal": .number(part.equal),
          ])
        }),
      "parameter": .optional(recipe.parameter), "elements": .integer(recipe.elements),
      "explained": .number(recipe.explained), "explained_by_fewer": .number(recipe.explainedByFewer),
      "explained_by_impostor": .number(recipe.explainedByImpostor), "log10_p": .number(recipe.log10P),
    ])
  }

  /// The foundations of a model according to `tree`, with their confidence. Nil without a tree; empty for a model without a
  /// foundation here.
  static func foundations(of id: String, in tree: FamilyTree?) -> [(name: String, confidence: Double)]? {
    tree.map { tree in
      let found = tree.position(of: id).map { tree.foundations(of: $0) } ?? []
      return found.map { (tree.nodes[$0.node].name, $0.confidence) }
    }
  }

  /// The foundations as text: "llama-a + llama-b", with a question mark if it is uncertain which model came first.
  private static func words(_ foundations: [(name: String, confidence: Double)]) -> String {
    foundations.isEmpty
      ? "–"
      : foundations.map { $0.name + ($0.confidence < FamilyTree.leastConfidence ? " ?" : "") }.joined(separator: " + ")
  }

  static func json(nearest row: NearestFoundation, _ tree: FamilyTree?) -> JSONText {
    let kin = { (kin: NearestFoundation.Kin?) -> JSONText in .optional(kin?.model) }
    let foundations = foundations(of: row.candidate, in: tree).map { found in
      JSONText.array(found.map { .object(["model": .string($0.name), "confidence": .number($0.confidence)]) })
    }
    return .object([
      "candidate": .string(row.candidate), "identical_to": .strings(row.copies), "foundations": foundations ?? .null,
      "nearest": kin(row.nearest), "closeness": .optional(row.nearest?.closeness),
      "nearest_copies": .strings(row.nearest?.copies ?? []),
      "runner_up": kin(row.runnerUp), "runner_up_closeness": .optional(row.runnerUp?.closeness), "gap": .optional(row.gap),
    ])
  }

  /// The closest model to each model and, with a tree, its foundations, as a table.
  ///
  /// `isBrief`: without copies, for a narrow page.
  package static func table(_ nearest: [NearestFoundation], _ tree: FamilyTree?, isBrief: Bool = false) -> ColumnTable {
    let named = { (kin: NearestFoundation.Kin?) -> String in
      guard let kin else { return "–" }
      return kin.copies.isEmpty || isBrief
        ? kin.model : "\(kin.model) (and \(Figures.counted(kin.copies.count, "copy", "copies")))"
    }
    let isCopied = !isBrief && nearest.contains { !$0.copies.isEmpty }
    var table = ColumnTable(
      [.names("model")] + (isCopied ? [.words("identical to")] : []) + (tree == nil ? [] : [.names("foundation")]) + [
        .names("nearest"), .numbers("closeness"), .names("runner-up"), .numbers("gap"),
      ])
    for row in nearest {
      let copies = row.copies.prefix(3).joined(separator: ", ") + (row.copies.count > 3 ? ", …" : "")
      let origin = foundations(of: row.candidate, in: tree).map(words)
      table.append(
        [row.candidate] + (isCopied ? [copies] : []) + (origin.map { [$0] } ?? []) + [
          named(row.nearest), Figures.fixed(row.nearest?.closeness, 4), named(row.runnerUp), Figures.fixed(row.gap, 4),
        ])
    }
    return table
  }

  /// The closest models as text, for the first `most`. Identical models get one line, and one row for the first of them by
  /// name.
  static func text(_ nearest: [NearestFoundation], _ tree: FamilyTree?, most: Int, width: Int, tables: Int, palette: Palette)
    -> String
  {
    // A foundation given by name has no row.
    let rows = Set(nearest.map { Array($0.candidate.utf8) })
    let firsts = nearest.filter { row in
      row.copies.allSatisfy { !rows.contains(Array($0.utf8)) || row.candidate.utf8.lexicographicallyPrecedes($0.utf8) }
    }
    var out = ""
    for row in firsts.filter({ !$0.copies.isEmpty }).prefix(most) {
      let names = ([row.candidate] + row.copies.prefix(most)).map(TerminalText.escaped).joined(separator: " = ")
      let more = row.copies.count > most ? " = … and \(row.copies.count - most) more" : ""
      out += TerminalText.wrapped("identical: " + names + more, width: width) + "\n"
    }
    let kin = firsts.filter { $0.nearest != nil }
    guard !kin.isEmpty else { return out.isEmpty ? "" : "\n" + out }
    out = out.isEmpty ? "" : "\n" + out
    out +=
      "\n" + table(Array(kin.prefix(most)), tree, isBrief: true).text(width: tables, paintTitle: palette.bold) { _, line in line }
    return out + (kin.count > most ? "… and \(kin.count - most) more (--format json lists all)\n" : "")
  }
}
