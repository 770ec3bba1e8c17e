import Catalogue
package import CatalogueSearch
import Unmask

extension Identification.Relation {
  package var words: String {
    switch self {
    case .derived: "derived from a known model, or from the same origin"
    case .insufficient: "insufficient: the sketches cannot decide"
    }
  }
}

extension Identification.Doubt {
  /// The name in JSON.
  package var code: String {
    switch self {
    case .emptySketch: "empty_sketch"
    case .nothingComparable: "nothing_comparable"
    case .noNeurons: "no_neurons"
    case .hint: "hint"
    case .nothingFound: "nothing_found"
    }
  }

  /// What is missing, and the next command. `model`: the path of the unknown model.
  package func words(model: String, _ part: Identification.Part) -> String {
    let next = "run unmask compare \(model) FOUNDATION --depth thorough with the weights of a foundation"
    return switch self {
    case .emptySketch: "\(part.name) has no matrix that a sketch can keep; \(next)"
    case .nothingComparable: "no known model has a matrix of the same role and shape, or neurons; \(next)"
    case .noNeurons:
      "no neurons were compared, so a masked copy would not be seen; sketch this model and the known ones without --no-neurons, or \(next)"
    case .nothingFound:
      "nothing found among the known models. That is no proof: long training, a large cut in width or a small share in a mixture leaves too "
        + "little for a sketch; \(next)"
    case .hint:
      "\(part.matches.first?.labels.id ?? "a known model") is a hint, but no evidence; run the command again with --confirm, or \(next)"
    }
  }
}
