/// Least squares without negative coefficients, from inner products: coordinate descent.
struct NonNegativeFit {
  let coefficients: [Double]

  /// `gram`: the inner products of the columns; `right`: those of the columns and the target. O(columns² · 200).
  init(_ gram: [[Double]], _ right: [Double]) {
    var x = [Double](repeating: 0, count: right.count)
    for _ in 0..<200 {
      for i in x.indices where gram[i][i] > 0 {
        var rest = right[i]
        for j in x.indices where j != i { rest -= gram[i][j] * x[j] }
        x[i] = max(0, rest / gram[i][i])
      }
    }
    coefficients = x
  }
}
