import WeightSimilarity

/// Whether a child has everything that its parent had learnt since the grandparent, or branches off earlier.
///
/// Squared distances add up along a path whose steps are independent. Then the path from the grandparent meets the path between
/// parent and child at the parent. It meets it closer to the child if the child lacks part of what the parent had learnt. In that
/// case both descend from a model between grandparent and parent. The calculation is per matrix, over the layers that all three
/// models have.
struct Inheritance {
  /// The point where the paths meet: 0 at the parent, 1 at the child.
  let place: Double
  /// The cosine of the two steps, from grandparent to parent and from parent to child. It is 0 if the steps are independent.
  let turn: Double

  /// Nil if the three have too little in common (half of the matrices, each with half of its energy), or if the child is too near
  /// to its parent.
  /// near.
  init?(step: [TensorSimilarity], before: [TensorSimilarity], whole: [TensorSimilarity]) {
    let (origins, ends) = (TensorIndex(inLayers: before), TensorIndex(inLayers: whole))
    var (a, b, c, shared, all) = (0.0, 0.0, 0.0, 0, 0)
    for tensor in step where tensor.isMatrix && tensor.layer != nil {
      all += tensor.parameters
      guard let first = origins.similarity(ofFoundationIn: tensor), let second = ends.similarity(ofCandidateIn: tensor),
        first.foundationLayer == second.foundationLayer,
        let x = tensor.cosine, let y = first.cosine, let z = second.cosine, TensorSimilarity.isInPlace(cosine: min(x, y, z))
      else { continue }
      let weight = Double(tensor.parameters)
      (a, b, c) = (a + weight * (1 - x), b + weight * (1 - y), c + weight * (1 - z))
      shared += tensor.parameters
    }
    // Cosines are accurate to 1e-6, and this value is divided by the step.
    guard 2 * shared >= all, a > 100 * TreeRule.leastDistance * Double(shared) else { return nil }
    place = min(max((a + b - c) / (2 * a), 0), 1)
    turn = b > 0 ? min(max((c - a - b) / (2 * (a * b).squareRoot()), -1), 1) : 0
  }

  init(place: Double, turn: Double) { (self.place, self.turn) = (place, turn) }

  /// The evidence for descent, with `parent` as the first model and `child` as the second. It can count against descent but never
  /// for it, because siblings that learnt nearly the same give nearly the same values. It counts equally against the other
  /// direction, because the path is the same.
  func evidence(origin: String, parent: String, child: String) -> DirectionEvidence {
    let likelihood = max(-place / TreeRule.undone - max(0, turn) / TreeRule.carriedOn, -TreeRule.strong)
    let fact: DirectionFact =
      if place > TreeRule.undone {
        .inheritanceIncomplete(child: child, parent: parent, origin: origin, share: place)
      } else if turn > TreeRule.carriedOn {
        .inheritanceExceeded(child: child, parent: parent, cosine: turn)
      } else {
        .inheritanceComplete(child: child, parent: parent, origin: origin)
      }
    return DirectionEvidence(fact, first: likelihood, second: likelihood)
  }
}
