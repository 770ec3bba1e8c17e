package import WeightSimilarity

/// Least squares of one model's weight over others', from inner products alone: b ≈ Σ αₖ·fₖ.
package struct GramFit {
  /// αₖ, in the order of the models given.
  package let coefficients: [Double]
  /// ‖b − Σ αₖ·fₖ‖².
  package let residual: Double

  /// The fit, or nil when the models are linearly dependent. O(k³).
  package init?(_ matrix: GramMatrix, of b: Int, over models: [Int]) {
    let (n, k) = (matrix.models.count, models.count)
    let product = { (i: Int, j: Int) in matrix.products[i * n + j] }
    // Cholesky, in place on and below the diagonal.
    var lower = models.flatMap { i in models.map { product(i, $0) } }
    for i in 0..<k {
      let size = lower[i * k + i]
      for j in 0...i {
        var sum = lower[i * k + j]
        for m in 0..<j { sum -= lower[i * k + m] * lower[j * k + m] }
        if i == j {
          // The remainder of a model after the others must exceed the precision of the products.
          guard sum > 1e-7 * size, size.isFinite else { return nil }
          lower[i * k + i] = sum.squareRoot()
        } else {
          lower[i * k + j] = sum / lower[j * k + j]
        }
      }
    }
    var x = models.map { product(b, $0) }
    for i in 0..<k {
      for m in 0..<i { x[i] -= lower[i * k + m] * x[m] }
      x[i] /= lower[i * k + i]
    }
    for i in (0..<k).reversed() {
      for m in i + 1..<max(k, i + 1) { x[i] -= lower[m * k + i] * x[m] }
      x[i] /= lower[i * k + i]
    }
    self.init(matrix, of: b, over: models, x)
  }

  /// The residual for given coefficients.
  private init(_ matrix: GramMatrix, of b: Int, over models: [Int], _ x: [Double]) {
    let n = matrix.models.count
    let (places, factors) = (models + [b], x + [-1])
    var sum = 0.0
    for i in places.indices {
      for j in places.indices { sum += factors[i] * factors[j] * matrix.products[places[i] * n + places[j]] }
    }
    coefficients = x
    residual = max(0, sum)
  }

  /// The fit without negative coefficients: models with a negative one are left out, the most negative first. O(k⁴).
  package static func nonNegative(_ matrix: GramMatrix, of b: Int, over models: [Int]) -> GramFit? {
    var kept = Array(models.indices)
    while !kept.isEmpty {
      guard let fit = GramFit(matrix, of: b, over: kept.map { models[$0] }) else { return nil }
      guard let least = fit.coefficients.indices.min(by: { fit.coefficients[$0] < fit.coefficients[$1] }),
        fit.coefficients[least] < 0
      else {
        var all = [Double](repeating: 0, count: models.count)
        for (place, value) in zip(kept, fit.coefficients) { all[place] = value }
        return GramFit(matrix, of: b, over: models, all)
      }
      kept.remove(at: least)
    }
    return nil
  }
}
