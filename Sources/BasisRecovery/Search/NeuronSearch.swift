/// Whether neurons were searched for in any order and basis, and what was found.
package enum NeuronSearch: Sendable {
  /// No search: the weights in place were enough, or no more was asked for.
  case notMade
  /// One of the models has no MLPs that could be read.
  case impossible
  /// The models have more layers than can be compared with each other (`LayerPairs`).
  case tooDeep
  /// The best match that there is, whether it is beyond chance or not.
  case made(BasisMatch)

  /// The match, when there is one.
  package var match: BasisMatch? { if case .made(let match) = self { match } else { nil } }
}
