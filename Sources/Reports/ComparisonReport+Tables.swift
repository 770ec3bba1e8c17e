import Lineage
import ModelAnatomy
import Pictures
package import TextFormats
import Unmask
import WeightSimilarity

extension ComparisonReport {
  /// The output of `compare --format csv`: one row for each tensor, layer or role, with the same names as the JSON document.
  package func csv(by grouping: Grouping) -> String {
    switch grouping {
    case .tensor:
      let head =
        ["candidate", "foundation", "layer", "role", "expert", "shape", "parameters"] + Metric.all.map(\.id) + [
          "non_finite", "rounded", "rank", "energy_of_eight", "component",
        ]
      return CSVText.row(head)
        + parts.flatMap { part in
          part.result.map { $0.similarity.tensors.map { CSVText.row(Self.cells($0) + [part.name]) } } ?? []
        }.joined()
    case .component:
      return CSVText.row(
        [
          "component", "foundation_component", "relation", "score", "coverage", "cosine", "aligned_cosine", "log10_p",
          "parameters",
        ])
        + parts.map { CSVText.row(Self.cells($0)) }.joined()
    case .layer:
      return CSVText.row(["layer", "foundation_layer"] + Self.groupHead)
        + similarity.layers.map { row in
          CSVText.row([String(row.layer), String(row.foundationLayer)] + Self.cells(row.similarity))
        }.joined()
    case .role:
      return CSVText.row(["role"] + Self.groupHead)
        + similarity.roles.map { CSVText.row([$0.role] + Self.cells($0.similarity)) }.joined()
    }
  }

  private static let groupHead = Metric.means.map(\.id) + ["parameters"]

  private static func cells(_ t: TensorSimilarity) -> [String] {
    [
      t.candidate, t.foundation, CSVText.number(t.layer), t.role, CSVText.number(t.expert),
      t.shape.map { String($0) }.joined(separator: "x"), CSVText.number(t.parameters),
    ] + Metric.all.map { CSVText.number(t.values[$0]) } + [
      CSVText.number(t.nonFiniteCandidate + t.nonFiniteFoundation), CSVText.number(t.roundedShare),
      CSVText.number(t.isFrozen ? 0 : t.spectrum?.rank), CSVText.number(t.spectrum?.energyOfEight),
    ]
  }

  private static func cells(_ part: ComponentComparison) -> [String] {
    let verdict = part.result?.verdict
    return [part.name, part.foundation ?? "", verdict?.relation.rawValue ?? ""]
      + [verdict?.score, verdict?.coverage, verdict?.cosine, verdict?.alignedCosine, verdict?.log10P].map(CSVText.number)
      + [String(part.parameters)]
  }

  private static func cells(_ group: GroupSimilarity) -> [String] {
    Metric.means.map { CSVText.number(group.values[$0]) } + [String(group.parameters)]
  }

  /// True if masks were undone. Tables then have a column for the cosine without the masks.
  package var isAligned: Bool { similarity.overall.alignedCosine != nil }

  /// The parts with their verdicts.
  package func partTable() -> ColumnTable {
    var table = ColumnTable([
      .names("component"), .names("compared with"), .words("relation"), .numbers("cosine"), .numbers("coverage"),
      .numbers("log10 p"), .numbers("parameters"),
    ])
    for part in parts {
      let verdict = part.result?.verdict
      table.append([
        part.name, part.foundation ?? "nothing", verdict?.relation.rawValue ?? "no counterpart",
        Figures.fixed(verdict?.alignedCosine ?? verdict?.cosine, 5), Figures.percent(verdict?.coverage),
        Figures.fixed(verdict?.log10P, 1), Figures.grouped(part.parameters),
      ])
    }
    return table
  }

  /// The table for text output.
  package func table(by grouping: Grouping) -> ColumnTable {
    let metrics = Metric.columns(isMasked: isAligned)
    let columns = metrics.map { ColumnTable.Column.numbers($0.column?.title ?? $0.id) } + [.numbers("parameters")]
    let means = { (group: GroupSimilarity) in
      metrics.map { $0.text(group.values[$0]) } + [Figures.grouped(group.parameters)]
    }
    switch grouping {
    case .tensor:
      var table = ColumnTable([.names("tensor")] + columns)
      for t in parts.flatMap({ $0.result?.similarity.tensors ?? [] }) {
        table.append([t.candidate] + metrics.map { $0.text(t.values[$0]) } + [Figures.grouped(t.parameters)])
      }
      return table
    case .component: return partTable()
    case .layer:
      var table = ColumnTable([.numbers("layer"), .numbers("from")] + columns)
      for row in similarity.layers {
        table.append([String(row.layer), String(row.foundationLayer)] + means(row.similarity))
      }
      return table
    case .role:
      var table = ColumnTable([.words("role")] + columns)
      for row in similarity.roles { table.append([row.role] + means(row.similarity)) }
      return table
    }
  }
}
