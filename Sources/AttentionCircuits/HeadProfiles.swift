import LinearAlgebra

/// The first guess of the partners of heads: how alike heads are by numbers that need no partner.
enum HeadProfiles {
  /// Quantiles of a head's cosines with all other heads.
  private static let quantiles = 12
  /// Standard deviations beyond which a number counts no more: one outlier must not decide.
  private static let mostDeviations: Float = 4

  /// For each head of both models the likeness of their traits and of the quantiles of their cosines, candidate × foundation; all
  /// numbers are above zero. Each number is measured in its model's own standard deviations, because whole models may differ in
  /// scale. O(heads² · log heads).
  static func likeness(_ candidate: HeadCircuits, _ foundation: HeadCircuits) -> Matrix {
    var distance = Matrix(rows: candidate.count, columns: foundation.count)
    for (own, other) in zip(parts(candidate), parts(foundation)) {
      let products = own.timesTranspose(of: other)
      let (x, y) = (lengths(own), lengths(other))
      for i in 0..<distance.rows {
        for j in 0..<distance.columns { distance[i, j] += (x[i] + y[j] - 2 * products[i, j]) / Float(own.columns) }
      }
    }
    let most = distance.values.max() ?? 0
    for i in distance.values.indices { distance.values[i] = most + 1 - distance.values[i] }
    return distance
  }

  private static func parts(_ model: HeadCircuits) -> [Matrix] {
    [model.traits, quantiles(of: model.written), quantiles(of: model.attended)].map(standardised)
  }

  private static func lengths(_ matrix: Matrix) -> [Float] {
    (0..<matrix.rows).map { row in
      Float(sumAndSquares(matrix.values.span.extracting(row * matrix.columns..<(row + 1) * matrix.columns)).squares)
    }
  }

  /// Quantiles of each row without its diagonal, linear between neighbours.
  private static func quantiles(of table: Matrix) -> Matrix {
    var found = Matrix(rows: table.rows, columns: quantiles)
    guard table.rows > 1 else { return found }
    for row in 0..<table.rows {
      let sorted = (0..<table.columns).filter { $0 != row }.map { table[row, $0] }.sorted()
      for k in 0..<quantiles {
        let position = Double(k) * Double(sorted.count - 1) / Double(quantiles - 1)
        let low = min(Int(position), sorted.count - 1)
        let high = min(low + 1, sorted.count - 1)
        found[row, k] = sorted[low] + Float(position - Double(low)) * (sorted[high] - sorted[low])
      }
    }
    return found
  }

  /// Columns with mean 0 and standard deviation 1, within `mostDeviations`.
  private static func standardised(_ matrix: Matrix) -> Matrix {
    var found = matrix.standardisedColumns()
    for i in found.values.indices { found.values[i] = max(-mostDeviations, min(mostDeviations, found.values[i])) }
    return found
  }
}

extension Matrix {
  /// Columns with mean 0 and standard deviation 1; a column of equal numbers becomes zeros.
  func standardisedColumns() -> Matrix {
    var found = self
    for column in 0..<columns {
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<rows { sum += Double(self[row, column]) }
      let mean = sum / Double(max(rows, 1))
      for row in 0..<rows { squares += (Double(self[row, column]) - mean) * (Double(self[row, column]) - mean) }
      let deviation = (squares / Double(max(rows, 1))).squareRoot()
      for row in 0..<rows {
        found[row, column] = deviation > 0 ? Float((Double(self[row, column]) - mean) / deviation) : 0
      }
    }
    return found
  }
}
