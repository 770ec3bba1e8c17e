/// A change of a model's weights without training: a mask that hides its origin, another size, another storage layout.
///
/// A journal of a scan keeps the raw values, so they must not change.
package enum Rewrite: String, Sendable, Hashable, CaseIterable {
  // The residual stream.
  /// Its basis differs by more than the order of the channels.
  case residualBasisRotated
  case residualChannelsPermuted
  case residualChannelSignsFlipped

  // Neurons of the MLPs.
  case neuronsPermuted
  case neuronSignsFlipped
  /// Rows of up were multiplied, and the columns of down divided, by the same factors.
  case neuronScalesTraded

  // Heads of the attention.
  case headsPermuted
  case headsRotated
  case headSignsFlipped
  /// Values and outputs, or keys and queries, were multiplied and divided by the same factors.
  case headScalesTraded

  // Gains of the norms.
  case normGainsFolded
  /// A part of the gains moved into the matrices that read them.
  case normGainsTraded

  // Layers.
  case layersDropped
  case layersRepeated
  case layersInserted
  case layersReordered

  // Names, experts and sizes.
  /// Names give no roles: the roles were inferred from shapes and weights.
  case tensorsRenamed
  case embeddingsReplaced
  case expertsCopied
  case widthPruned
  case widthExtended
  case vocabularyChanged

  // Storage: see `StorageLayout`.
  case storedTransposed
  case storedFused
  case expertsStacked
  case rotaryPairsInterleaved
}
