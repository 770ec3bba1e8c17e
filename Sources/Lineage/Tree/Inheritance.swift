import WeightSimilarity

/// Whether a child has all that its parent had learnt since the grandparent, or branches off before.
///
/// Squared distances add up along a path whose steps have nothing to do with each other: the way from the grandparent meets the one
/// between parent and child at the parent. It meets it further on, towards the child, when the child lacks part of what makes the parent the parent:
/// then both descend from something in between. Matrix by matrix of the layers that all three have.
struct Inheritance {
  /// Where the ways meet: 0 at the parent, 1 at the child.
  let place: Double
  /// The cosine of the two steps, from grandparent to parent and on to the child: 0 where they have nothing to do with each other.
  let turn: Double

  /// `step`: the child as the candidate, its parent as the foundation; `before`: parent and grandparent; `whole`: child and grandparent.
  /// Nil where the three have too little in common (half of the matrices, each with half of its energy), or the child is too near to tell.
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
    // Cosines are known to 1e-6, and the figure divides by the step.
    guard 2 * shared >= all, a > 100 * TreeRule.leastDistance * Double(shared) else { return nil }
    place = min(max((a + b - c) / (2 * a), 0), 1)
    turn = b > 0 ? min(max((c - a - b) / (2 * (a * b).squareRoot()), -1), 1) : 0
  }

  init(place: Double, turn: Double) { (self.place, self.turn) = (place, turn) }

  /// The evidence that it is, with `parent` as the first and `child` as the second. It can speak against descent, never for it, because siblings
  /// that learnt nearly the same show nearly the same. It speaks as much against the other direction, in which the path is the same.
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
