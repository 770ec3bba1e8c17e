import RealModule
package import WeightSimilarity

/// Which of two models' weights are the other's with something added.
///
/// A change that has nothing to do with what it is added to is orthogonal to it: the child's norm is the longer side of a right triangle,
/// ‖child‖² = ‖parent‖² + ‖change‖², and the cosine of the two is ‖parent‖ / ‖child‖. So the quotient of ln(‖second‖ / ‖first‖) and
/// −ln cos is +1 where the second was made from the first, −1 where the first was made from the second, and in between for siblings.
/// Distances add up along a path, with zero, where nothing was learnt yet, as the place to start from.
///
/// What it does not promise: weight decay shrinks norms, and changes along the weights grow them; either moves the quotient beyond ±1 or
/// between. Hence the wide tails of the likelihoods, which never give more than 18 : 1.
package struct NormGrowth: Sendable, Equatable {
  /// The quotient, candidate as the second: matrices of layers, weighted by parameters.
  package let quotient: Double
  /// Its standard error, from how the matrices differ.
  package let error: Double

  /// Of two models' weights beside each other; nil where the layers' matrices are not all alike (half of the energy) or nothing differs.
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

  /// The evidence that it is, with the foundation as the first of the two.
  func evidence(first: String, second: String) -> DirectionEvidence {
    let scale = (TreeRule.growthScale * TreeRule.growthScale + error * error).squareRoot()
    let density = { (x: Double) in 1 / (Double.pi * scale * (1 + x * x / (scale * scale))) }
    // Siblings' quotients lie anywhere between, and near an end where one of them hardly left their parent: no value speaks against them.
    let between = (.atan((quotient + 1) / scale) - .atan((quotient - 1) / scale)) / (2 * Double.pi)
    let (up, down) = (density(quotient - 1), density(quotient + 1))
    return DirectionEvidence(
      .normGrowth(from: quotient >= 0 ? first : second, quotient: abs(quotient), error: error), first: .log(up),
      second: .log(down),
      neither: .log(max(between, up, down)))
  }
}
