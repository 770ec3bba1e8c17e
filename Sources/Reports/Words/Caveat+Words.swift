import Lineage
import WeightSimilarity

extension Caveat {
  /// The text of a warning.
  var words: String {
    switch self {
    case .reading(let side, let text): "\(side.rawValue): \(text)"
    case .layerCountsDiffer(let candidate, let foundation):
      "the number of layers differs (\(candidate) in the candidate, \(foundation) in the foundation): they are "
        + "compared by number; the heatmap shows whether they moved"
    case .nonFiniteElements(let count, let tensors, let first):
      "\(count) elements in \(tensors) tensors are NaN or infinite (the first in \(first)); they are left out"
    case .storedCoordinatesOnly(let layersInAnyOrder):
      "compared in the stored coordinates\(layersInAnyOrder ? ", layers in any order" : ""): a copy whose neurons, heads or "
        + "residual channels were re-ordered or rotated looks independent"
    case .mlpsNotUnderstood:
      "the MLPs of one of the models are not understood: a copy whose neurons or residual channels were re-ordered or rotated would "
        + "look independent"
    case .tooManyLayerPairs(let most):
      "more than \(most) pairs of layers: they were compared in place only, and a copy whose layers, neurons or residual channels "
        + "were re-ordered or rotated would look independent"
    case .inPlaceOnly(let comparisons): "compared in place only: " + Self.limit(comparisons)
    case .notCompared(let comparisons): "not compared: " + Self.limit(comparisons)
    }
  }

  private static func limit(_ comparisons: Int) -> String {
    "of two families only the first models are compared in full, since \(comparisons) pairs were; --max-comparisons N compares more"
  }
}

extension Verdict {
  /// The texts of its warnings.
  var warnings: [String] { caveats.map(\.words) }
}
