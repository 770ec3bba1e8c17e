import LinearAlgebra

/// What a second description tells of a neuron beyond a first one.
///
/// Without this, the two descriptions of a held-out neuron depend on each other, because the partners' rows do: by chance alike
/// partners, which the search prefers, then make descriptions agree twice, also for unrelated models. For rows of any normal
/// distribution the remainder of a linear regression is independent of the first description.
enum LinearRemainder {
  /// A ridge in parts of the mean variance: partners may be as many as the width, and then depend on each other.
  private static let ridge = 1e-4

  /// `second` − a linear function of `first` (and a constant), fitted by least squares to some of the rows.
  /// O(rows · columns²).
  static func remainder(of second: Matrix, given first: Matrix, fittedTo rows: [Int]) -> Matrix {
    precondition(first.rows == second.rows, "two descriptions of the same neurons")
    var predictors = Matrix(rows: first.rows, columns: first.columns + 1, repeating: 1)
    for i in 0..<first.rows {
      for k in 0..<first.columns { predictors.values[i * (first.columns + 1) + k] = first.values[i * first.columns + k] }
    }
    let side = predictors.columns
    let fitted = predictors.taking(rows)
    let gram = fitted.transposeTimes(fitted)
    let target = fitted.transposeTimes(second.taking(rows))
    var factor = gram.values.map { Double($0) }
    let ridge = Self.ridge * (0..<side).reduce(0) { $0 + factor[$1 * side + $1] } / Double(side)
    for k in 0..<side { factor[k * side + k] += ridge }
    guard let weights = solve(&factor, side, target) else { return second }
    let explained = predictors.times(weights)
    var remainder = second
    for i in remainder.values.indices { remainder.values[i] -= explained.values[i] }
    return remainder
  }

  /// The solution of a positive definite system by Cholesky's method, which replaces the matrix by its factor; nil if it is not
  /// positive definite.
  private static func solve(_ a: inout [Double], _ n: Int, _ target: Matrix) -> Matrix? {
    for i in 0..<n {
      for j in 0...i {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= a[i * n + k] * a[j * n + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          a[i * n + i] = sum.squareRoot()
        } else {
          a[i * n + j] = sum / a[j * n + j]
        }
      }
    }
    let columns = target.columns
    var x = target.values.map { Double($0) }
    for i in 0..<n {
      for k in 0..<i {
        let factor = a[i * n + k]
        for c in 0..<columns { x[i * columns + c] -= factor * x[k * columns + c] }
      }
      for c in 0..<columns { x[i * columns + c] /= a[i * n + i] }
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in i + 1..<max(n, i + 1) {
        let factor = a[k * n + i]
        for c in 0..<columns { x[i * columns + c] -= factor * x[k * columns + c] }
      }
      for c in 0..<columns { x[i * columns + c] /= a[i * n + i] }
    }
    return Matrix(rows: n, columns: columns, values: x.map { Float($0) })
  }
}
