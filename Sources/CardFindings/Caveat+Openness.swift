import WeightSimilarity

extension Caveat {
  /// Whether a copy with rewritten weights could be behind a verdict of `independent`, because not every test was made.
  var leavesRewritesOpen: Bool {
    switch self {
    case .storedCoordinatesOnly, .mlpsNotUnderstood, .tooManyLayerPairs, .sampled, .inPlaceOnly, .notCompared: true
    case .reading, .layerCountsDiffer, .nonFiniteElements, .tokenTableAlike: false
    }
  }
}
