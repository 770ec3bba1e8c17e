/// The start of a search for the basis: one of the hypotheses that are tried.
package enum SeedSource: String, Sendable, CaseIterable {
  /// The residual basis is the foundation's: only neurons were permuted, or nothing.
  case inPlace
  /// Profiles of neurons, layer i against layer i.
  case sameLayer
  /// Profiles of neurons, all layers at once: finds the order of layers by itself.
  case anyLayer
  /// Rows of the token table that both models have.
  case tokens
}
