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

  static func json(nearest: NearestFoundation) -> JSONText {
    .object([
      "candidate": .string(nearest.candidate), "nearest": .string(nearest.nearest), "closeness": .number(nearest.closeness),
      "runner_up": .optional(nearest.runnerUp?.model), "runner_up_closeness": .optional(nearest.runnerUp?.closeness),
      "gap": .optional(nearest.gap),
    ])
  }

  /// The nearest of each model, as a table.
  static func table(_ nearest: [NearestFoundation]) -> ColumnTable {
    var table = ColumnTable([
      .words("model"), .words("nearest"), .numbers("closeness"), .words("runner-up"), .numbers("gap"),
    ])
    for row in nearest {
      table.append([
        row.candidate, row.nearest, Figures.fixed(row.closeness, 4), row.runnerUp?.model ?? "–", Figures.fixed(row.gap, 4),
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
