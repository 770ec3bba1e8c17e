package import Lineage
import WeightSimilarity

extension Caveat {
  /// The text of a warning.
  var words: String {
    switch self {
    case .reading(let side, let fact): "\(side.rawValue): \(fact.words)"
    case .layerCountsDiffer(let candidate, let foundation):
      "the candidate has \(candidate) layers and the foundation has \(foundation); layers with equal numbers "
        + "were compared (unmask heatmap shows moved layers)"
    case .nonFiniteElements(let count, let tensors, let first):
      "\(count) elements in \(tensors) tensors are NaN or infinite (the first in \(first)); they were left out"
    case .storedCoordinatesOnly(let layersInAnyOrder):
      "only the stored positions were compared\(layersInAnyOrder ? ", with layers in any order" : ""): a copy with permuted "
        + "or rotated neurons, heads or "
        + "residual channels would look independent"
    case .mlpsNotUnderstood:
      "the MLPs of one model have an unknown structure: a copy with permuted or rotated neurons or residual channels would "
        + "look independent"
    case .tooManyLayerPairs(let most):
      "the models have more than \(most) pairs of layers, so only the stored positions were compared: a copy with permuted or "
        + "rotated layers, neurons or residual channels "
        + "would look independent"
    case .tokenTableAlike(let role, let excess, let log10P):
      "the \(role) tables have a common origin (channels of equal tokens are more similar than by chance, by "
        + "\(Words.rounded(excess)) in mean cosine; p-value \(Words.power(log10P))): a table is often taken over with its tokenizer, so it "
        + "does not count for the relation"
    case .sampled(let sample):
      "a sample of each matrix was read (\(Words.percent(sample.share)) of the parameters), and figures are those of the sample"
        + (sample.isEqual
          ? "; all that was read is equal, but only a comparison of everything (--depth standard) can say identical" : "")
    case .inPlaceOnly(let comparisons): "only the stored positions were compared: " + Self.limit(comparisons)
    case .notCompared(let comparisons): "not compared: " + Self.limit(comparisons)
    }
  }

  private static func limit(_ comparisons: Int) -> String {
    "of two families only the first models are compared in full, since \(comparisons) pairs were; (raise the limit with "
      + "--max-comparisons)"
  }
}

extension Verdict {
  /// The texts of the warnings.
  package var warnings: [String] { caveats.map(\.words) }
}
