/// What one piece of evidence on the direction of an edge saw. Models go by their names.
package indirect enum DirectionFact: Sendable, Hashable {
  // Storage.
  /// The model is quantised and the other is not: codes are made from full precision.
  case quantised(String)
  /// Both are quantised, each from a model of full precision.
  case bothQuantised
  /// `merged` is what the model with the adapter computes, stored as plain weights.
  case adapterMerged(adapter: String, merged: String)
  /// The model is an adapter on a base that is not the other one.
  case adapterOfOtherBase(String)
  /// The model is an adapter on the other one, not merged.
  case adapterOfThisBase(String)
  /// The model is `original`, rounded to a coarser type.
  case rounded(String, original: String)

  // Sizes.
  /// The model has layers twice that `original` has once.
  case layersRepeated(String, original: String)
  /// The model lacks layers that `original` has.
  case layersMissing(String, original: String)
  /// The model has experts where `dense` has one MLP.
  case expertsAdded(String, count: Int, dense: String)
  /// The model is narrower than `original`.
  case narrower(String, original: String)
  /// The model has more tokens than `original`, by this count.
  case tokensAdded(String, count: Int, original: String)

  // Weights.
  /// The gains of the model's norms are folded, and, where that was found, its residual basis is rotated.
  case gainsFolded(String, isRotated: Bool)
  /// Norms grow from the model to the other one: by `quotient` ± `error` times that of an unrelated change. See `NormGrowth`.
  case normGrowth(from: String, quotient: Double, error: Double)
  /// `child` lacks part of what `parent` has beyond `origin`: their ways part at this share of the step from parent to child.
  case inheritanceIncomplete(child: String, parent: String, origin: String, share: Double)
  /// `child` went on in the direction of `parent`: the cosine of the two steps. Siblings that learnt from common data do so, too.
  case inheritanceExceeded(child: String, parent: String, cosine: Double)
  /// `child` has what `parent` has beyond `origin`.
  case inheritanceComplete(child: String, parent: String, origin: String)

  // Coordinates.
  /// Masks were undone between the two: fitted distances do not tell a parent from its children.
  case masksUndone
  /// The model is in other coordinates than the rest of the family.
  case otherCoordinates(String)
  /// Which of the child's kin is its nearest is not known: there is no distance in common coordinates.
  case nearestUnknown

  // Parents that are known.
  /// The model is a mixture; `isExact`: of these parents, but for rounding.
  case mixture(String, Mixture.Kind, isExact: Bool)
  /// The model is a sibling of this one, because of facts that speak against descent between the two.
  case sibling(of: String, because: [DirectionFact])
}
