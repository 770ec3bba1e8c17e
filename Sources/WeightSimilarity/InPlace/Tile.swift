import ElementTypes
import LinearAlgebra
import ModelAnatomy

/// The rectangle of two matrices that is held in memory at one time if one of them has to be computed.
///
/// At most half a MB per side, so that it stays in a core's cache between computing and comparing. Its rows are the rows that the
/// sources read together.
struct Tile {
  let rows: Int
  let columns: Int

  private static let mostNumbers = 1 << 17
  private static let mostColumns = 1 << 13

  init(_ pair: WeightPair) {
    let grain = max(pair.candidate.rowGrain, pair.foundation.rowGrain)
    let width = pair.columns * pair.candidate.components
    columns = min(pair.columns, Self.mostColumns)
    rows = max(1, Self.mostNumbers / max(1, min(width, Self.mostColumns)) / grain) * grain
  }
}

/// One side of a tile, as f32.
struct TileBuffer {
  private var values: [Float] = []

  /// Reads a rectangle of `weight`.
  mutating func read(_ weight: Weight, _ rows: Range<Int>, _ columns: Range<Int>) {
    let components = weight.components
    let numbers = columns.lowerBound * components..<columns.upperBound * components
    let count = rows.count * numbers.count
    if values.count < count { values = Array(repeating: 0, count: count) }
    var target = values.mutableSpan
    weight.read(rows: rows, columns: numbers, into: &target, at: 0, stride: numbers.count)
  }

  /// The sums over the first `count` numbers of both sides; this side is the `a` of ``PairSums``.
  func sums(with other: TileBuffer, count: Int) -> PairSums {
    pairSums(values.span.extracting(0..<count), other.values.span.extracting(0..<count))
  }
}
