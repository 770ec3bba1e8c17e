package import ModelAnatomy

/// Whether the rows of a matrix follow a formula, so that equal rows in two models say nothing of a common origin: tables of sines,
/// ramps, identity and selection matrices, Hadamard matrices, constants; and rotations, which are drawn and not learned (``RotationRows``).
///
/// The content decides, not the name. Only roles that no table of architectures knows are tested: a projection of attention or
/// an MLP is learned in every model. Cost: reads at most 64 rows of 256 columns.
package enum FormulaRows {
  private static let mostRows = 64
  private static let mostColumns = 256
  /// A row with more than this share of its energy in one element selects a channel.
  private static let selectingShare = 0.999
  /// The energy that neighbouring rows do not predict, as a share of the rows' energy. Rows that are independent of each other give
  /// 2, because both neighbours add their energy; a formula in 16 bits gives about 10⁻⁵.
  private static let mostUnpredicted = 0.01

  /// Whether the rows of `weight` follow a formula: those in the middle, or `sample`.
  package static func hold(in weight: Weight, rows sample: Range<Int>? = nil) -> Bool {
    guard !weight.role.isKnown, weight.isMatrix, weight.components == 1, weight.rows >= 3 else { return false }
    let (rows, columns) = (sample?.count ?? min(mostRows, weight.rows), min(mostColumns, weight.columns))
    let first = sample?.lowerBound ?? (weight.rows - rows) / 2
    var values = [Float](repeating: 0, count: rows * columns)
    var span = values.mutableSpan
    weight.read(rows: first..<first + rows, columns: 0..<columns, into: &span, at: 0, stride: columns)
    return follow(values.map { Double($0) }, rows: rows, columns: columns) || RotationRows.hold(in: weight, rows: sample)
  }

  /// The same for numbers by rows; false where one is not finite.
  static func follow(_ values: [Double], rows: Int, columns: Int) -> Bool {
    let energy = values.reduce(0) { $0 + $1 * $1 }
    guard energy.isFinite else { return false }
    if energy == 0 || Set(values.map(abs)).count == 1 { return true }
    return areSelections(values, rows, columns) || arePredicted(values, rows, columns)
  }

  /// Whether nine rows of ten have one element that is not zero, as in an identity matrix.
  private static func areSelections(_ values: [Double], _ rows: Int, _ columns: Int) -> Bool {
    let selecting = (0..<rows).count { row in
      let squares = values[row * columns..<(row + 1) * columns].map { $0 * $0 }
      return (squares.max() ?? 0) >= selectingShare * squares.reduce(0, +)
    }
    return columns > 1 && selecting * 10 >= rows * 9
  }

  /// Whether x(i−1) + x(i+1) = k·x(i) + c in every column, with a k and a c of its own: sines, exponentials, lines and constants.
  /// What all rows have in common does not count, as it does not in the row-shift test.
  private static func arePredicted(_ values: [Double], _ rows: Int, _ columns: Int) -> Bool {
    var (left, energy) = (0.0, 0.0)
    let count = Double(rows - 2)
    for column in 0..<columns {
      let x = (0..<rows).map { values[$0 * columns + column] }
      let sums = (1..<rows - 1).map { x[$0 - 1] + x[$0 + 1] }
      let mean = x[1..<rows - 1].reduce(0, +) / count
      let sumMean = sums.reduce(0, +) / count
      var (products, squares) = (0.0, 0.0)
      for (row, sum) in zip(1..., sums) {
        products += (x[row] - mean) * (sum - sumMean)
        squares += (x[row] - mean) * (x[row] - mean)
      }
      let k = squares > 0 ? products / squares : 0
      for (row, sum) in zip(1..., sums) {
        let error = sum - sumMean - k * (x[row] - mean)
        left += error * error
      }
      energy += squares
    }
    return left <= mostUnpredicted * energy
  }
}
