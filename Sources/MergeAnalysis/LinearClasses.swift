import RealModule

/// The method of a merge that is a weighted sum in each matrix: linear, on the sphere, task arithmetic, or model stock.
struct LinearClasses {
  /// The coefficients of the models in each part, and the share of the elements that they explain.
  struct Fit {
    var coefficients: [[Double]]
    var explained: Double
  }

  /// The models' values, in the order of `models`; the candidate's are the differences from zero.
  private let problem: MergeProblem
  private let fit: Fit

  /// nil if the parents are linearly dependent.
  init?(_ problem: MergeProblem) {
    guard let fit = Self.fit(problem) else { return nil }
    (self.problem, self.fit) = (problem, fit)
  }

  var explained: Double { fit.explained }

  /// Least squares in each matrix. O(elements · parents²).
  static func fit(_ problem: MergeProblem) -> Fit? {
    let k = problem.parents.count
    var (coefficients, hits) = ([[Double]](), 0)
    for part in problem.sample.parts {
      let range = part.start..<part.start + part.count
      var gram = [Double](repeating: 0, count: k * k)
      var right = [Double](repeating: 0, count: k)
      for a in 0..<k {
        for i in range { right[a] += problem.deltas[a][i] * problem.x[i] }
        for b in 0...a {
          var sum = 0.0
          for i in range { sum += problem.deltas[a][i] * problem.deltas[b][i] }
          (gram[a * k + b], gram[b * k + a]) = (sum, sum)
        }
      }
      guard let own = Self.solve(gram, right) else { return nil }
      for i in range {
        var prediction = 0.0
        for a in 0..<k { prediction += own[a] * problem.deltas[a][i] }
        if problem.fits(prediction, i) { hits += 1 }
      }
      coefficients.append(own)
    }
    return Fit(coefficients: coefficients, explained: Double(hits) / Double(max(1, problem.sample.count)))
  }

  /// The solution of a symmetric positive system by elimination; nil if it is singular.
  private static func solve(_ gram: [Double], _ right: [Double]) -> [Double]? {
    let k = right.count
    var (a, x) = (gram, right)
    for i in 0..<k {
      // A parent that does not differ has no coefficient.
      if gram[i * k + i] == 0 {
        a[i * k + i] = 1
        continue
      }
      guard a[i * k + i] > 1e-9 * gram[i * k + i], a[i * k + i] > 0 else { return nil }
      for row in i + 1..<max(k, i + 1) {
        let factor = a[row * k + i] / a[i * k + i]
        for j in i..<k { a[row * k + j] -= factor * a[i * k + j] }
        x[row] -= factor * x[i]
      }
    }
    for i in (0..<k).reversed() {
      for j in i + 1..<max(k, i + 1) { x[i] -= a[i * k + j] * x[j] }
      x[i] /= a[i * k + i]
    }
    return x.allSatisfy(\.isFinite) ? x : nil
  }

  /// What was found: the methods, the place of the base among the models, and the weights of all.
  struct Finding {
    var methods: [MergeMethod]
    var base: Int?
    var weights: [Double]
    var parameter: Double?
  }

  /// The methods that make these coefficients.
  var finding: Finding {
    let k = problem.parents.count
    let medians = (0..<k).map { model in median(of: fit.coefficients.map { $0[model] }) }
    if k > 2, let (base, weights) = stock { return Finding(methods: [.modelStock], base: base, weights: weights) }
    let isConstant = fit.coefficients.allSatisfy { own in zip(own, medians).allSatisfy { abs($0 - $1) < 0.02 } }
    if let negative = medians.indices.first(where: { medians[$0] < -0.01 }) {
      return Finding(methods: isConstant ? [.taskArithmetic] : [], base: negative, weights: medians)
    }
    let total = medians.reduce(0, +)
    let relative = medians.map { $0 / total }
    let (share, length) = sphere
    // The sums of the coefficients do not tell a line from a sphere: their error is that of rounding, averaged over the elements, and
    // the length of the sphere has to be known to a quarter, with five standard deviations.
    let error = (problem.relative > 0 ? 0.4 / 256 : 1e-7) / Double(max(1, problem.sample.count)).squareRoot()
    if length < max(3e-5, 20 * error) {
      return Finding(methods: [.linear, sphereMethod(relative)], base: nil, weights: relative, parameter: t(relative))
    }
    if abs(share - 1) < 0.25 {
      return Finding(methods: [sphereMethod(relative)], base: nil, weights: relative, parameter: t(relative))
    }
    guard abs(share) < 0.25 else { return Finding(methods: [], base: nil, weights: relative) }
    // With three models, one may as well be the base of the others' task vectors.
    return Finding(methods: k > 2 && isConstant ? [.linear, .taskArithmetic] : [.linear], base: nil, weights: relative)
  }

  private func sphereMethod(_ weights: [Double]) -> MergeMethod { weights.count == 2 ? .slerp : .karcher }
  private func t(_ weights: [Double]) -> Double? { weights.count == 2 ? weights[1] : nil }

  /// How far the sums of the coefficients exceed 1, as a share of what a mean on the sphere needs, and the size of what it needs.
  private var sphere: (share: Double, length: Double) {
    var (found, needed) = (0.0, 0.0)
    for (part, own) in zip(problem.sample.parts, fit.coefficients) {
      let range = part.start..<part.start + part.count
      let norms = problem.deltas.map { values in range.reduce(0) { $0 + values[$1] * values[$1] }.squareRoot() }
      let total = own.reduce(0, +)
      guard norms.allSatisfy({ $0 > 0 }), total > 0 else { continue }
      var square = 0.0
      for i in range {
        var sum = 0.0
        for (a, norm) in norms.enumerated() { sum += own[a] / total * problem.deltas[a][i] / norm }
        square += sum * sum
      }
      found += total - 1
      needed += 1 / square.squareRoot() - 1
    }
    let count = Double(max(1, fit.coefficients.count))
    return (needed > 0 ? found / needed : 0, needed / count)
  }

  /// The base and the weights of model stock: in each matrix equal coefficients t/n of n models, with t = n·c / (1 + (n−1)·c) and c the
  /// mean cosine of their differences from the base.
  private var stock: (base: Int, weights: [Double])? {
    let k = problem.parents.count
    for base in 0..<k {
      let others = (0..<k).filter { $0 != base }
      let n = Double(others.count)
      var errors: [Double] = []
      var spread: [Double] = []
      for (part, own) in zip(problem.sample.parts, fit.coefficients) {
        let range = part.start..<part.start + part.count
        var (sum, count) = (0.0, 0.0)
        for (place, a) in others.enumerated() {
          for b in others[..<place] {
            var (xy, xx, yy) = (0.0, 0.0, 0.0)
            for i in range {
              let (x, y) = (problem.deltas[a][i] - problem.deltas[base][i], problem.deltas[b][i] - problem.deltas[base][i])
              (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y)
            }
            (sum, count) = (sum + xy / max(1e-300, (xx * yy).squareRoot()), count + 1)
          }
        }
        let cosine = sum / count
        let t = n * cosine / (1 + (n - 1) * cosine)
        let mean = others.reduce(0) { $0 + own[$1] } / n
        errors.append(abs(n * mean - t))
        spread += others.map { abs(own[$0] - mean) }
      }
      // The cosine of some thousand elements has an error of some hundredths; coefficients are exact to a few thousandths.
      if median(of: errors) < 0.05, median(of: spread) < 0.01 {
        return (base, (0..<k).map { model in median(of: fit.coefficients.map { $0[model] }) })
      }
    }
    return nil
  }
}
