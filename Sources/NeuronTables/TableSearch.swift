/// The outcome of a search by tables of cosines.
package enum TableSearch: Sendable {
  /// No search: the comparison at stored positions was enough, or no search was requested.
  case notMade
  /// One of the models has no MLPs that could be read.
  case impossible
  /// The models have more layers than can be compared with each other (`LayerPairs`).
  case tooDeep
  /// The best match, whether or not it is beyond chance.
  case made(TableMatch)

  /// The match, when there is one.
  package var match: TableMatch? { if case .made(let match) = self { match } else { nil } }
}
