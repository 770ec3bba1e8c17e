package import ReadingFacts

/// A limit on the conclusions from a comparison of two models.
package enum Caveat: Sendable, Hashable {
  /// One of the two models.
  package enum Side: String, Sendable, Hashable {
    case candidate, foundation
  }

  /// A limit of the reading of one model, or an unusual property of its files.
  case reading(Side, ReadingFact)
  /// The models differ in their number of layers, which were compared by number.
  case layerCountsDiffer(candidate: Int, foundation: Int)
  /// Elements that are NaN or infinite were left out; `first` is the candidate's name of the first tensor that has one.
  case nonFiniteElements(Int, tensors: Int, first: String)
  /// No other order of neurons, heads and channels, and no other basis, was tried. `layersInAnyOrder`: other orders of layers
  /// were tried.
  case storedCoordinatesOnly(layersInAnyOrder: Bool)
  /// No other order or basis of neurons was tried, because a model has no MLPs with known roles.
  case mlpsNotUnderstood
  /// No other order or basis was tried, because there are more than `most` pairs of layers.
  case tooManyLayerPairs(most: Int)
  /// The models are not found to be related, but the token table of this role comes from the foundation: channels of equal tokens
  /// are alike beyond chance. Tables are taken over by models that have nothing else of the foundation, with its tokenizer.
  case tokenTableAlike(role: String, excess: Double, log10P: Double)
  /// A sample of each matrix was read, not all of it: figures are those of the sample.
  case sampled(InPlaceSample)
  /// A scan compared the pair in place only: it had reached its limit of full comparisons.
  case inPlaceOnly(comparisons: Int)
  /// A scan did not compare the pair: it had reached its limit of full comparisons.
  case notCompared(comparisons: Int)
}
