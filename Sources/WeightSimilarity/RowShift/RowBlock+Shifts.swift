import LinearAlgebra

extension RowBlock {
  /// Sums of the products of row i with row i + s (cyclic) of `other`, for s = 0, 1, …: every ordered pair of rows is used once.
  /// rows² · columns multiplications.
  func shiftedProducts(with other: RowBlock) -> [Double] {
    var products = [Double](repeating: 0, count: rows * rows)
    addProducts(with: other, to: &products)
    return (0..<rows).map { s in
      var sum = 0.0
      for i in 0..<rows - s { sum += products[i * rows + i + s] }
      for i in rows - s..<rows { sum += products[i * rows + i + s - rows] }
      return sum
    }
  }
}
