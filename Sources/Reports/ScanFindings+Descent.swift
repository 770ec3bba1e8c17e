public import Lineage

extension ScanFindings.MixedModel {
  /// "llama-a-merged = 0.60 llama-a-sft + 0.40 llama-a-sft2 (linear)", for people.
  public var sentence: String {
    let sum = parents.map { "\(Figures.fixed($0.share, 2)) \($0.model)" }.joined(separator: " + ")
    let onBase = base.map { " on \($0)" } ?? ""
    let rest = mixture.isExact ? "" : ", changed afterwards by \(Figures.percent(mixture.residual))"
    return "\(candidate) = \(sum) (\(mixture.kind.rawValue)\(onBase)\(rest))"
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
    ])
  }

  static func json(nearest row: NearestFoundation) -> JSONText {
    let kin = { (kin: NearestFoundation.Kin?) -> JSONText in .optional(kin?.model) }
    return .object([
      "candidate": .string(row.candidate), "identical_to": .strings(row.copies), "nearest": kin(row.nearest),
      "closeness": .optional(row.nearest?.closeness), "nearest_copies": .strings(row.nearest?.copies ?? []),
      "runner_up": kin(row.runnerUp), "runner_up_closeness": .optional(row.runnerUp?.closeness), "gap": .optional(row.gap),
    ])
  }

  /// The nearest of each model, as a table.
  static func table(_ nearest: [NearestFoundation]) -> ColumnTable {
    let named = { (kin: NearestFoundation.Kin?) -> String in
      kin.map { $0.copies.isEmpty ? $0.model : "\($0.model) (and \(Figures.counted($0.copies.count, "copy", "copies")))" } ?? "–"
    }
    let isCopied = nearest.contains { !$0.copies.isEmpty }
    var table = ColumnTable(
      [.words("model")] + (isCopied ? [.words("identical to")] : []) + [
        .words("nearest"), .numbers("closeness"), .words("runner-up"), .numbers("gap"),
      ])
    for row in nearest {
      let copies = row.copies.prefix(3).joined(separator: ", ") + (row.copies.count > 3 ? ", …" : "")
      table.append(
        [row.candidate] + (isCopied ? [copies] : []) + [
          named(row.nearest), Figures.fixed(row.nearest?.closeness, 4), named(row.runnerUp), Figures.fixed(row.gap, 4),
        ])
    }
    return table
  }

  /// The same for people, the first `most`.
  static func text(_ nearest: [NearestFoundation], most: Int, width: Int, palette: Palette) -> String {
    guard !nearest.isEmpty else { return "" }
    let table = table(Array(nearest.prefix(most))).text(width: width, paintTitle: palette.bold) { _, line in line }
    return "\n" + table + (nearest.count > most ? "… and \(nearest.count - most) more (--format json has all)\n" : "")
  }
}
