/// The observation behind one piece of evidence on the direction of an edge. Models are given by name.
package indirect enum DirectionFact: Sendable, Hashable {
  // Storage.
  /// The model is quantised and the other is not. Codes are made from full precision.
  case quantised(String)
  /// Both are quantised, each from a model of full precision.
  case bothQuantised
  /// `merged` is the model with the adapter, computed and stored as plain weights.
  case adapterMerged(adapter: String, merged: String)
  /// The model is an adapter on a base that is not the other one.
  case adapterOfOtherBase(String)
  /// The model is an adapter on the other one, not merged.
  case adapterOfThisBase(String)
  /// The model is `original` rounded to a coarser type.
  case rounded(String, original: String)

  // Sizes.
  /// The model repeats layers that `original` has once.
  case layersRepeated(String, original: String)
  /// The model lacks layers that `original` has.
  case layersMissing(String, original: String)
  /// The model has experts and `dense` has one MLP instead.
  case expertsAdded(String, count: Int, dense: String)
  /// The model is narrower than `original`.
  case narrower(String, original: String)
  /// The model has this many more tokens than `original`.
  case tokensAdded(String, count: Int, original: String)

  // Weights.
  /// The gains of the model's norms are folded. If this was found, its residual basis is also rotated.
  case gainsFolded(String, isRotated: Bool)
  /// Norms grow from the model to the other one, by `quotient` ± `error` times the growth from an unrelated change. See
  /// `NormGrowth`.
  case normGrowth(from: String, quotient: Double, error: Double)
  /// `child` lacks part of the change from `origin` to `parent`. The paths part at this share of the step from parent to child.
  case inheritanceIncomplete(child: String, parent: String, origin: String, share: Double)
  /// `child` continues in the direction of `parent`; `cosine` is that of the two steps. Siblings with common data do this, too.
  case inheritanceExceeded(child: String, parent: String, cosine: Double)
  /// `child` has the whole change from `origin` to `parent`.
  case inheritanceComplete(child: String, parent: String, origin: String)

  // Coordinates.
  /// Masks were undone between the two. Fitted distances cannot separate a parent from its children.
  case masksUndone
  /// The model has different coordinates from the rest of the family.
  case otherCoordinates(String)
  /// The nearest related model of the child is not known: there is no distance in common coordinates.
  case nearestUnknown

  // Known parents.
  /// The model is a mixture; `isExact`: of exactly these parents, except for rounding.
  case mixture(String, Mixture.Kind, isExact: Bool)
  /// The model is a sibling of this one, because of facts against descent between the two.
  case sibling(of: String, because: [DirectionFact])
}
