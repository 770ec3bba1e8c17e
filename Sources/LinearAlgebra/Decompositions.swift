/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix in f64.
///
/// ```swift
/// let eigen = symmetricEigen([2, 1, 1, 2], side: 2)!
/// eigen.values                // [1, 3]
/// eigen.vectors[2..<4]        // ±[0.707…, 0.707…]: the eigenvector of 3
/// ```
///
/// `matrix` is `side × side`, row-major; only its upper triangle is read. Vectors are rows of unit length, their signs
/// arbitrary. Nil when a number is not finite or the iteration does not converge. O(side³).
package func symmetricEigen(_ matrix: [Double], side: Int) -> (values: [Double], vectors: [Double])? {
  precondition(side >= 0 && matrix.count == side * side, "\(matrix.count) numbers are not a square of side \(side)")
  guard side > 0 else { return ([], []) }
  guard matrix.allSatisfy(\.isFinite) else { return nil }
  var vectors = matrix
  return OpenBLAS.symmetricEigen(&vectors, side: side).map { ($0, vectors) }
}

/// The thin singular value decomposition A = U·diag(s)·Vᵀ in f64.
///
/// A is `rows × columns`, row-major, and with r the smaller side U is rows × r, Vᵀ r × columns, row-major, `s` descending.
/// The signs of a pair of singular vectors are arbitrary. Nil when a number is not finite or the iteration does not
/// converge. O(rows · columns · r).
package func singularValueDecomposition(
  _ matrix: [Double], rows: Int, columns: Int
) -> (u: [Double], s: [Double], vt: [Double])? {
  precondition(
    rows >= 0 && columns >= 0 && matrix.count == rows * columns, "\(matrix.count) numbers are not \(rows) × \(columns)")
  guard !matrix.isEmpty else { return ([], [], []) }
  guard matrix.allSatisfy(\.isFinite) else { return nil }
  return OpenBLAS.svd(matrix, rows: rows, columns: columns)
}

/// The singular values alone, descending, min(rows, columns) of them.
///
/// ```swift
/// singularValues([3, 0, 0, 0, 4, 0], rows: 2, columns: 3)!   // [4, 3]
/// ```
///
/// They are roots of the eigenvalues of the smaller product of the matrix with itself, in f64: the error of a value σ is about
/// 1e-16·σ₁²/σ, so values below 1e-8·σ₁ are noise. A tenth of the cost of a decomposition. Nil when a number is not
/// finite, or the squares leave the range, or the iteration does not converge. O(rows · columns · min(rows, columns)).
package func singularValues(_ matrix: [Double], rows: Int, columns: Int) -> [Double]? {
  precondition(
    rows >= 0 && columns >= 0 && matrix.count == rows * columns, "\(matrix.count) numbers are not \(rows) × \(columns)")
  guard !matrix.isEmpty else { return [] }
  // A NaN or an infinity makes the sum of squares not finite, too.
  guard matrix.reduce(0, { $0 + $1 * $1 }).isFinite else { return nil }
  let place = OpenBLAS.Operand(first: 0, rows: rows, columns: columns, stride: columns, isTransposed: columns < rows)
  return OpenBLAS.gramEigenvalues(matrix.span, place)?.reversed().map { max(0, $0).squareRoot() }
}
