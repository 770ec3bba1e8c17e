import ModelAnatomy
import Pictures
import WeightSimilarity

extension ComparisonReport {
  /// `compare --format csv`: one row a tensor, layer or role, with the same names as the JSON document.
  public func csv(by grouping: Grouping) -> String {
    switch grouping {
    case .tensor:
      let head = [
        "candidate", "foundation", "layer", "role", "expert", "shape", "parameters", "cosine", "centred_cosine", "relative_l2",
        "norm_ratio", "equal", "aligned_cosine", "non_finite", "rounded", "rank", "energy_of_eight",
      ]
      return CSVText.row(head)
        + similarity.tensors.map { t in
          CSVText.row([
            t.candidate, t.foundation, CSVText.number(t.layer), t.role, CSVText.number(t.expert),
            t.shape.map { String($0) }.joined(separator: "x"), CSVText.number(t.parameters), CSVText.number(t.cosine),
            CSVText.number(t.centredCosine), CSVText.number(t.relativeL2), CSVText.number(t.normRatio),
            CSVText.number(t.equalShare),
            CSVText.number(t.alignedCosine), CSVText.number(t.nonFiniteCandidate + t.nonFiniteFoundation),
            CSVText.number(t.roundedShare), CSVText.number(t.isFrozen ? 0 : t.spectrum?.rank),
            CSVText.number(t.spectrum?.energyOfEight),
          ])
        }.joined()
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

  private static let groupHead = ["cosine", "centred_cosine", "relative_l2", "equal", "aligned_cosine", "parameters"]

  private static func cells(_ group: GroupSimilarity) -> [String] {
    [group.cosine, group.centredCosine, group.relativeL2, group.equalShare, group.alignedCosine].map(CSVText.number)
      + [String(group.parameters)]
  }

  /// True when masks were undone: then tables have a column for what the cosine is without them.
  var isAligned: Bool { similarity.overall.alignedCosine != nil }

  /// The table that a person reads.
  func table(by grouping: Grouping) -> ColumnTable {
    switch grouping {
    case .tensor:
      var table = ColumnTable([.words("tensor")] + figureColumns)
      for t in similarity.tensors {
        table.append(
          [t.candidate] + figures(t.cosine, t.alignedCosine, t.centredCosine, t.relativeL2, t.equalShare, t.parameters))
      }
      return table
    case .layer:
      var table = ColumnTable([.numbers("layer"), .numbers("from")] + figureColumns)
      for row in similarity.layers {
        table.append([String(row.layer), String(row.foundationLayer)] + figures(row.similarity))
      }
      return table
    case .role:
      var table = ColumnTable([.words("role")] + figureColumns)
      for row in similarity.roles { table.append([row.role] + figures(row.similarity)) }
      return table
    }
  }

  private var figureColumns: [ColumnTable.Column] {
    [.numbers("cosine")] + (isAligned ? [.numbers("aligned")] : [])
      + [.numbers("centred"), .numbers("rel. L2"), .numbers("equal"), .numbers("parameters")]
  }

  private func figures(_ group: GroupSimilarity) -> [String] {
    figures(group.cosine, group.alignedCosine, group.centredCosine, group.relativeL2, group.equalShare, group.parameters)
  }

  private func figures(
    _ cosine: Double?, _ aligned: Double?, _ centred: Double?, _ l2: Double?, _ equal: Double?, _ parameters: Int
  ) -> [String] {
    [Figures.fixed(cosine, 5)] + (isAligned ? [Figures.fixed(aligned, 5)] : [])
      + [Figures.fixed(centred, 5), Figures.fixed(l2, 4), Figures.percent(equal), Figures.grouped(parameters)]
  }
}
