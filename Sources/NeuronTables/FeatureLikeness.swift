import LinearAlgebra

/// How alike neurons are by their features.
enum FeatureLikeness {
  /// 1 / (1 + squared distance) of all rows of x and y: features scaled to a spread of one over both, quantiles to 1/√16, so that
  /// the quantiles of one table count as one feature. A feature without spread does not count.
  static func likeness(_ x: Matrix, _ y: Matrix, own: Int) -> Matrix {
    precondition(x.columns == y.columns, "features of \(x.columns) and of \(y.columns) kinds")
    let features = x.columns
    let count = Double(max(x.rows + y.rows, 1))
    var (means, squares) = ([Double](repeating: 0, count: features), [Double](repeating: 0, count: features))
    for matrix in [x, y] {
      for i in 0..<matrix.rows {
        for k in 0..<features { means[k] += Double(matrix.values[i * features + k]) / count }
      }
    }
    for matrix in [x, y] {
      for i in 0..<matrix.rows {
        for k in 0..<features {
          let delta = Double(matrix.values[i * features + k]) - means[k]
          squares[k] += delta * delta / count
        }
      }
    }
    let scales = squares.indices.map { k in
      let spread = squares[k].squareRoot()
      return spread > 1e-9 ? (k < own ? 1 : 1 / Double(CosineTable.quantiles).squareRoot()) / spread : 0
    }
    func scaled(_ matrix: Matrix) -> (rows: Matrix, squares: [Float]) {
      var result = matrix
      var squares = [Float](repeating: 0, count: matrix.rows)
      for i in 0..<matrix.rows {
        for k in 0..<features {
          let value = Float((Double(matrix.values[i * features + k]) - means[k]) * scales[k])
          result.values[i * features + k] = value
          squares[i] += value * value
        }
      }
      return (result, squares)
    }
    let (a, b) = (scaled(x), scaled(y))
    var likeness = a.rows.timesTranspose(of: b.rows)
    for i in 0..<x.rows {
      for j in 0..<y.rows {
        likeness.values[i * y.rows + j] = 1 / (1 + max(0, a.squares[i] + b.squares[j] - 2 * likeness.values[i * y.rows + j]))
      }
    }
    return likeness
  }
}
