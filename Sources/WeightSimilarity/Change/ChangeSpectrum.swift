import LinearAlgebra

/// What the singular values of a matrix' change say: how many directions it has beyond what rounding makes.
///
/// ```swift
/// spectrum.rank            // 8: a merged LoRA's, whose values stand far above rounding
/// spectrum.energyOfEight   // 0.9997 of the change is in its first eight directions
/// ```
///
/// Of Δ = candidate − foundation, some rows and columns, exactly (METHOD.md 5). A part of a change of rank r has rank r, unless it is a
/// part that the change misses. Counted are values above `ChangeBlock.edge`, which rounding errors stay below.
public struct ChangeSpectrum: Sendable, Equatable {
  /// Rows that were looked at.
  public let rows: Int
  /// Columns that were looked at.
  public let columns: Int
  /// Singular values above what rounding makes.
  public let rank: Int
  /// The share of ‖Δ‖² in those.
  public let energyOfRank: Double
  /// The share of ‖Δ‖² in the first eight directions; nil of a brief look, since eight of fewer rows hold more.
  public let energyOfEight: Double?
  /// The largest singular value that rounding makes, by the largest of the change.
  public let noise: Double
  /// True when the change can be made of factors with less than half of the whole matrix' numbers, and half of the singular values that
  /// were looked at are rounding: then `rank` is one of the change and not of what was looked at.
  public let isLow: Bool
  /// True when the last value that counts is twice the next one: a step, where changes that have all directions have a slope.
  public let isSharp: Bool

  /// From the singular values, descending, of the part of a change in `block`; `rows` and `columns` are the whole matrix'.
  /// nil for no change, or where they cannot be computed.
  init?(_ block: ChangeBlock, rows: Int, columns: Int, isBrief: Bool = false) {
    guard let values = singularValues(block.difference, rows: block.rows, columns: block.columns), let first = values.first,
      first > 0
    else { return nil }
    let squares = values.map { $0 * $0 }
    let total = squares.reduce(0, +)
    let rank = values.firstIndex { $0 <= block.edge } ?? values.count
    (self.rows, self.columns, self.rank) = (block.rows, block.columns, rank)
    energyOfRank = squares[..<rank].reduce(0, +) / total
    energyOfEight = isBrief ? nil : squares.prefix(8).reduce(0, +) / total
    noise = block.edge / first
    isLow = 2 * rank <= values.count && 2 * rank * (rows + columns - rank) <= rows * columns
    isSharp = rank > 0 && rank < values.count && values[rank - 1] >= 2 * values[rank]
  }
}
