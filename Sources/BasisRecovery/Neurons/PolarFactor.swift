import LinearAlgebra
import Threads

extension Workers {
  /// The polar factor of M: the matrix with orthonormal columns (rows, when M is wider than high) nearest to it.
  ///
  /// ```swift
  /// let basis = workers.polarFactor(of: workers.crossProduct(foundationRows, candidateRows))
  /// ```
  ///
  /// With M = U·diag(σ)·Vᵀ the factor is U·Vᵀ. It is computed without that decomposition: X ← ½ρX(3 − ρ²XᵀX), whose singular
  /// values rise to 1, from X = M / s with s ≥ σ₁. ρ² = 3 / (1 + l + l²) is the best for singular values in [l, 1], and l is
  /// updated in each step. `floor`: directions with σ below floor · s count as unknown and stay below 1; where M vanishes, the
  /// factor vanishes too, instead of being arbitrary. s is (Σσ⁴)^¼, which a few large directions (a mean, outlier channels)
  /// inflate less than the Frobenius norm. The other singular values are within 1e-4 of 1, or better. nil if M is zero or has a
  /// number that is not finite.
  ///
  /// Source: scaled Newton–Schulz iteration; Higham, Functions of Matrices (2008), 8.3; the scaling is that of Chen and Chow
  /// (2014). Cost: some ten steps of 3 · rows · columns · min(rows, columns) multiplications.
  func polarFactor(of matrix: Matrix, floor: Double = 1e-3) -> Matrix? {
    guard matrix.columns <= matrix.rows else { return polarFactor(of: matrix.transposed, floor: floor)?.transposed }
    guard matrix.columns > 0 else { return matrix }
    let largest = Double(matrix.values.reduce(0) { max($0, abs($1)) })
    guard largest > 0, largest.isFinite, matrix.values.allSatisfy(\.isFinite) else { return nil }
    // Scales to a range where fourth powers are finite and not zero.
    var x = matrix
    x.scale(by: 1 / largest)
    var g = gram(x)
    let fourth = g.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let norm = fourth.squareRoot() * (1 + 1e-5)
    x.scale(by: 1 / norm)
    g.scale(by: 1 / fourth / (1 + 2e-5))
    var least = floor
    for step in 0..<24 {
      let rho2 = 3 / (1 + least + least * least)
      let rho = rho2.squareRoot()
      // ½ρ(3 − ρ²XᵀX)
      g.scale(by: -0.5 * rho * rho2)
      for i in 0..<g.rows { g[i, i] += Float(1.5 * rho) }
      x = product(x, g)
      least = min(1, 0.5 * rho * least * (3 - rho2 * least * least))
      guard step < 23 else { break }
      // Every known singular value is 1 up to rounding in f32; another step would not improve that.
      if least > 1 - 1e-9 { break }
      g = gram(x)
    }
    return x
  }
}

extension Matrix {
  /// Multiplies every number by `factor`.
  mutating func scale(by factor: Double) {
    let factor = Float(factor)
    for i in values.indices { values[i] *= factor }
  }
}
