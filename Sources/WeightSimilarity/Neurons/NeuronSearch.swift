/// Whether neurons were looked for in any order and basis, and what was found.
public enum NeuronSearch: Sendable {
  /// Not looked for: the weights in place told enough, or no more was asked for.
  case notMade
  /// One of the models has no MLPs that are understood.
  case impossible
  /// The models have more layers than can be tried with each other (`LayerPairs`).
  case tooDeep
  /// The best match that there is, whether it is beyond chance or not.
  case made(BasisMatch)

  /// The match, when there is one.
  public var match: BasisMatch? { if case .made(let match) = self { match } else { nil } }
}
