import RealModule
package import WeightSimilarity

/// Whether one of two models is the other one with a change added, from the norms of their weights.
///
/// A change that is independent of the weights it is added to is orthogonal to them. The child's norm is then the longest side of
/// a right triangle, ‖child‖² = ‖parent‖² + ‖change‖², and the cosine of the two is ‖parent‖ / ‖child‖. So the quotient of
/// ln(‖second‖ / ‖first‖) and −ln cos is +1 if the second was made from the first, −1 if the first was made from the second, and
/// between them for siblings. Distances add up along a path that starts at zero, where nothing was learnt yet.
///
/// Limits: weight decay shrinks norms, and changes along the weights increase them. Both move the quotient beyond ±1 or between.
/// For this reason the likelihoods have wide tails and never give more than 18 : 1.
package struct NormGrowth: Sendable, Equatable {
  /// The quotient, with the candidate as the second model: over matrices of layers, weighted by parameters.
  package let quotient: Double
  /// Its standard error, from the differences between the matrices.
  package let error: Double

  /// From the paired weights of two models. Nil if not all matrices of the layers are similar (half of the energy), or if nothing
  /// differs.
  package init?(_ tensors: [TensorSimilarity]) {
    var (growth, turn) = (0.0, 0.0)
    var parts: [(growth: Double, turn: Double)] = []
    for tensor in tensors where tensor.isMatrix && tensor.layer != nil {
      guard let cosine = tensor.cosine, let ratio = tensor.normRatio, ratio > 0, TensorSimilarity.isInPlace(cosine: cosine) else {
        return nil
      }
      let part = (Double(tensor.parameters) * .log(ratio), -Double(tensor.parameters) * .log(cosine))
      growth += part.0
      turn += part.1
      parts.append(part)
    }
    let all = tensors.reduce(0) { $0 + ($1.isMatrix && $1.layer != nil ? $1.parameters : 0) }
    guard parts.count > 1, turn > TreeRule.leastDistance * Double(all), growth.isFinite else { return nil }
    self.init(quotient: growth / turn, error: Self.error(parts, growth / turn, turn))
  }

  init(quotient: Double, error: Double) {
    (self.quotient, self.error) = (quotient, error)
  }

  /// The standard error of a quotient of sums.
  private static func error(_ parts: [(growth: Double, turn: Double)], _ quotient: Double, _ turn: Double) -> Double {
    let count = Double(parts.count)
    let squares = parts.reduce(0) { sum, part in
      let rest = part.growth - quotient * part.turn
      return sum + rest * rest
    }
    return (squares * count / (count - 1)).squareRoot() / turn
  }

  /// The evidence from the quotient, with the foundation as the first model.
  func evidence(first: String, second: String) -> DirectionEvidence {
    let scale = (TreeRule.growthScale * TreeRule.growthScale + error * error).squareRoot()
    let density = { (x: Double) in 1 / (Double.pi * scale * (1 + x * x / (scale * scale))) }
    // The quotients of siblings lie anywhere between, and near an end if one of them hardly differs from their parent. So no
    // value counts against siblings.
    let between = (.atan((quotient + 1) / scale) - .atan((quotient - 1) / scale)) / (2 * Double.pi)
    let (up, down) = (density(quotient - 1), density(quotient + 1))
    return DirectionEvidence(
      .normGrowth(from: quotient >= 0 ? first : second, quotient: abs(quotient), error: error), first: .log(up),
      second: .log(down),
      neither: .log(max(between, up, down)))
  }
}
