import ElementTypes
import LinearAlgebra
package import ModelAnatomy
import TensorFiles
import TensorViews

/// A few rows of a matrix, each scaled to unit length, for the row-shift test.
///
/// It has up to 32 evenly spaced rows, so that a shift moves whole heads if their number is a power of two of 16 or more. A row
/// longer than 16,384 is represented by its first columns: more columns would cost time and add no statistical power.
package struct RowSample: Sendable {
  static let mostRows = 32
  package static let mostColumns = 1 << 14
  /// An element above this many times the root mean square of its row is left out of the sample, one a row. It would decide the
  /// cosine with a row that has such an element in the same place, as rows of two matrices near the identity have. Normal weights
  /// reach 5 times in rows of a million.
  private static let dominance = 8.0
  /// The minimum number of rows and of columns of a matrix: smaller ones have too few shifts.
  package static let fewest = 8

  /// A row of zeros, or one with a NaN or an infinity, counts as a row and has products of zero.
  private var block = RowBlock()

  package var rows: Int { block.rows }

  /// True for matrices that have enough rows to shift, and whose order of rows is arbitrary.
  package static func suits(_ weight: Weight) -> Bool {
    weight.isMatrix && weight.rows >= fewest && weight.columns >= fewest && !weight.role.hasMeaningfulRowOrder
  }

  /// Number of rows of a matrix that are sampled.
  package static func rows(of weight: Weight) -> Int { min(mostRows, weight.rows) }

  /// Rows of the weight that are in the sample, and how many columns of them.
  private static func choice(of weight: Weight, columns most: Int) -> (rows: [Int], columns: Int) {
    let count = rows(of: weight)
    return ((0..<count).map { $0 * weight.rows / count }, min(most, weight.columns * weight.components))
  }

  /// The slices that the sample of a weight reads. O(rows of the sample).
  static func plan(_ weight: Weight, columns most: Int = mostColumns) -> [TensorSlice] {
    let choice = choice(of: weight, columns: most)
    return choice.rows.flatMap { weight.slices(rows: $0..<$0 + 1, columns: 0..<choice.columns) }
  }

  /// A sample of no rows, to be filled.
  init() {}

  /// Reads the sample, of the first `columns` columns.
  package init(of weight: Weight, columns: Int = mostColumns) { read(weight, columns: columns) }

  /// Reads the sample of another matrix into the same memory.
  mutating func read(_ weight: Weight, columns most: Int = mostColumns) {
    if !weight.isLocal { TensorSlice.fetch(Self.plan(weight, columns: most)) }
    read(weight, Self.choice(of: weight, columns: most))
  }

  /// Reads the rows of a sampled comparison.
  mutating func read(_ weight: Weight, _ sample: SampledRows) {
    weight.fetch(rows: sample.rows, columns: 0..<sample.columns)
    read(weight, (Array(sample.rows), sample.columns))
  }

  private mutating func read(_ weight: Weight, _ choice: (rows: [Int], columns: Int)) {
    block.resize(rows: choice.rows.count, columns: choice.columns)
    switch weight.numbers {
    case .stored(let run, _):
      let width = weight.columns * weight.components
      run.withBytes { bytes in
        for (i, row) in choice.rows.enumerated() { block.fill(i, from: bytes, as: run.type, first: row * width) }
      }
    case .computed(let source):
      let columns = choice.columns
      for (i, row) in choice.rows.enumerated() {
        block.fill(i) { source.read(rows: row..<row + 1, columns: 0..<columns, into: &$0, at: $1, stride: columns) }
      }
    }
    finish(weight, choice.rows)
  }

  /// Samples numbers that take the place of a weight's.
  init(of matrix: MatrixRows, like weight: Weight) {
    let choice = Self.choice(of: weight, columns: Self.mostColumns)
    block.resize(rows: choice.rows.count, columns: choice.columns)
    for (i, row) in choice.rows.enumerated() {
      let values = matrix.read(row..<row + 1, 0..<choice.columns)
      block.fill(i) { target, place in
        for (k, value) in values.enumerated() { target[place + k] = value }
      }
    }
    finish(weight, choice.rows)
  }

  private mutating func finish(_ weight: Weight, _ rows: [Int]) {
    block.dropDominantElements(above: Self.dominance)
    if weight.components == 1 { block.dropFormulas(rows: rows, of: weight.columns) }
    block.normalise()
  }

  /// Mean cosines of row i with row i + s (cyclic) of `other`, for s = 0, 1, …: every ordered pair of rows is used once.
  package func shiftedCosines(with other: RowSample) -> ShiftedCosines {
    ShiftedCosines(block.shiftedProducts(with: other.block).map { $0 / Double(rows) })
  }
}
