import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// A few rows of a token table, with each channel standardised to mean 0 and spread 1, for the channel-shift test.
///
/// The order of tokens is the same in all models of one tokenizer, so rows cannot be shifted against each other. The order of
/// residual channels is arbitrary, so columns can be shifted. Means and spreads of channels are removed, because otherwise a few
/// dominant channels would make every statistic a draw of two or three numbers.
struct ChannelSample: Sendable {
  static let mostRows = 64
  static let mostColumns = 1 << 13
  /// The most channels of a sampled comparison.
  static let fewerColumns = 1 << 12
  /// The number of parts into which the channels are cut, and of shifts of these parts. The number of channels used is a multiple
  /// of it.
  static let shifts = 32
  private static let fewestColumns = 32
  private static let fewestRows = 16

  private(set) var rows = 0
  private(set) var columns = 0
  /// One row per part of the channels: that part of all sampled tokens, one after the other.
  private var parts = RowBlock()

  /// True for a pair of token tables that is suitable for the test.
  static func suits(_ pair: WeightPair) -> Bool {
    pair.role.isTokenTable && pair.candidate.components == 1 && pair.rows >= fewestRows && pair.columns >= fewestColumns
  }

  /// Rows and columns of the first `count` rows of a table that are in the sample.
  private static func choice(of weight: Weight, first count: Int, columns: Int) -> (rows: [Int], columns: Int) {
    let most = min(mostRows, count)
    return ((0..<most).map { $0 * count / most }, min(columns, weight.columns) / shifts * shifts)
  }

  /// The slices that the sample of the first `count` rows of a table reads. O(rows of the sample).
  static func plan(_ weight: Weight, first count: Int, columns: Int = mostColumns) -> [TensorSlice] {
    let choice = choice(of: weight, first: count, columns: columns)
    return choice.rows.flatMap { weight.slices(rows: $0..<$0 + 1, columns: 0..<choice.columns) }
  }

  /// Reads the sample of the first `count` rows of a table.
  mutating func read(_ weight: Weight, first count: Int, columns most: Int = mostColumns) {
    if !weight.isLocal { TensorSlice.fetch(Self.plan(weight, first: count, columns: most)) }
    let choice = Self.choice(of: weight, first: count, columns: most)
    (rows, columns) = (choice.rows.count, choice.columns)
    let (rows, columns) = (self.rows, self.columns)
    var values = [Float](repeating: 0, count: rows * columns)
    var span = values.mutableSpan
    for (i, row) in choice.rows.enumerated() {
      weight.read(rows: row..<row + 1, columns: 0..<columns, into: &span, at: i * columns, stride: columns)
    }
    standardise(&values)
    let width = columns / Self.shifts
    parts.resize(rows: Self.shifts, columns: rows * width)
    for part in 0..<Self.shifts {
      parts.fill(part) { target, place in
        for i in 0..<rows {
          for j in 0..<width { target[place + i * width + j] = values[i * columns + part * width + j] }
        }
      }
    }
  }

  /// Mean products of corresponding elements, with the channels of `other` shifted by 0, 1, 2, … parts. They are cosines, because
  /// every channel that is not constant has the same norm.
  func shiftedCosines(with other: ChannelSample) -> ShiftedCosines {
    ShiftedCosines(parts.shiftedProducts(with: other.parts).map { $0 / Double(rows * columns) })
  }

  /// Standardises each column. A column that is constant, or has a number that is not finite, gets no weight. Works row by row,
  /// in memory order.
  private func standardise(_ values: inout [Float]) {
    var moments = [(sum: Double, squares: Double)](repeating: (0, 0), count: columns)
    for i in 0..<rows {
      for j in 0..<columns {
        let x = Double(values[i * columns + j])
        moments[j].sum += x
        moments[j].squares += x * x
      }
    }
    let scales = moments.map { sum, squares -> (mean: Double, inverse: Double) in
      let mean = sum / Double(rows)
      let spread = (squares / Double(rows) - mean * mean).squareRoot()
      let isUsable = spread > 0 && spread.isFinite && mean.isFinite && spread > 1e-7 * abs(mean)
      return isUsable ? (mean, 1 / spread) : (.nan, 0)
    }
    for i in 0..<rows {
      for j in 0..<columns {
        let x = (Double(values[i * columns + j]) - scales[j].mean) * scales[j].inverse
        values[i * columns + j] = x.isNaN ? 0 : Float(x)
      }
    }
  }
}
