package import WeightSimilarity

extension Rewrite {
  /// The name of the rewrite, in reports and in JSON and CSV.
  package var words: String {
    switch self {
    case .residualBasisRotated: "residual basis rotated"
    case .residualChannelsPermuted: "residual channels permuted"
    case .residualChannelSignsFlipped: "residual channels' signs turned"
    case .neuronsPermuted: "neurons permuted"
    case .neuronSignsFlipped: "neurons' signs turned"
    case .neuronScalesTraded: "scales traded between up and down"
    case .headsPermuted: "heads permuted"
    case .headsRotated: "heads rotated"
    case .headSignsFlipped: "heads' signs turned"
    case .headScalesTraded: "scales traded inside heads"
    case .normGainsFolded: "norm gains folded"
    case .normGainsTraded: "norm gains traded with their readers"
    case .layersDropped: "layers dropped"
    case .layersRepeated: "layers repeated"
    case .layersInserted: "layers inserted"
    case .layersReordered: "layers reordered"
    case .tensorsRenamed: "tensors renamed; roles inferred from shapes and weights"
    case .embeddingsReplaced: "embeddings replaced"
    case .expertsCopied: "experts copied from a dense MLP"
    case .widthPruned: "width pruned"
    case .widthExtended: "width extended"
    case .vocabularyChanged: "vocabulary changed"
    case .storedTransposed: "transposed (Conv1D)"
    case .storedFused: "stored fused"
    case .expertsStacked: "experts stacked"
    case .rotaryPairsInterleaved: "rotary pairs interleaved"
    }
  }
}
