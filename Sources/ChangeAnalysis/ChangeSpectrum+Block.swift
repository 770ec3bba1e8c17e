import LinearAlgebra
import WeightSimilarity

extension ChangeSpectrum {
  /// The spectrum of the part of a change that is in `block`; `rows` and `columns` are the size of the whole matrix. nil if
  /// nothing changed, or if the singular values cannot be computed.
  init?(_ block: ChangeBlock, rows: Int, columns: Int, isBrief: Bool = false) {
    guard let values = singularValues(block.difference, rows: block.rows, columns: block.columns), let first = values.first,
      first > 0
    else { return nil }
    let squares = values.map { $0 * $0 }
    let total = squares.reduce(0, +)
    let rank = values.firstIndex { $0 <= block.edge } ?? values.count
    self.init(
      rows: block.rows, columns: block.columns, rank: rank, energyOfRank: squares[..<rank].reduce(0, +) / total,
      energyOfEight: isBrief ? nil : squares.prefix(8).reduce(0, +) / total, noise: block.edge / first,
      isLow: 2 * rank <= values.count && 2 * rank * (rows + columns - rank) <= rows * columns,
      isSharp: rank > 0 && rank < values.count && values[rank - 1] >= 2 * values[rank])
  }
}
