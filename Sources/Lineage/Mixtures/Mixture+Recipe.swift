package import MergeAnalysis
import WeightSimilarity

extension Mixture {
  /// The mixture of a merge that was found element by element. Its shares are those of the whole, without layers.
  ///
  /// A parent's share is the part of the elements' changes that comes from it. If elements of the base are replaced by those of one
  /// parent, the base is a parent with the rest.
  package init(of candidate: Int, _ recipe: MergeRecipe, rounding: Double) {
    let isReplaced = recipe.parts.count == 1
    var parents = recipe.parts.map { Parent(model: $0.model, share: $0.share) }
    if isReplaced, let base = recipe.base { parents.append(Parent(model: base, share: 1 - (parents.first?.share ?? 0))) }
    self.init(
      candidate: candidate, parents: parents.sorted { ($1.share, $0.model) < ($0.share, $1.model) },
      base: isReplaced ? nil : recipe.base, kind: isReplaced ? .elementwise : .taskVectors, layers: [], residual: rounding,
      isExact: true, recipe: recipe)
  }

  /// This mixture with the method of merging. A parent that the method takes as the base is the base of task vectors.
  package func merged(by recipe: MergeRecipe?) -> Mixture {
    guard let recipe, let base = recipe.base, let place = parents.firstIndex(where: { $0.model == base }) else {
      var mixture = self
      mixture.recipe = recipe
      return mixture
    }
    let rest = { (shares: [Double]) -> [Double] in
      let kept = shares.indices.filter { $0 != place }.map { shares[$0] }
      let total = kept.reduce(0, +)
      return kept.map { total > 0 ? $0 / total : 1 / Double(kept.count) }
    }
    let others = parents.filter { $0.model != base }
    return Mixture(
      candidate: candidate,
      parents: zip(others, rest(parents.map(\.share))).map { Parent(model: $0.0.model, share: $0.1) }, base: base,
      kind: .taskVectors, layers: layers.map { Layer(layer: $0.layer, shares: rest($0.shares)) }, residual: residual,
      isExact: isExact, recipe: recipe)
  }

  /// The models from which the method of a mixture in each matrix is found.
  package var models: [Int] { parents.map(\.model) + (base.map { [$0] } ?? []) }
}
