package import Lineage

extension Verdict {
  /// The summary as a statement. For related models, a sentence follows that the direction is not known.
  ///
  /// A pair of models shows a common origin. It does not show which of the two was made from the other.
  package var statement: String {
    let summary = ([self.summary] + [scope?.sentences].compactMap { $0 }).joined(separator: " ")
    return switch relation {
    case .derived, .merged, .partial:
      "\(summary) The weights of two models do not say which of them came first (unmask tree looks for evidence of that)."
    case .identical, .independent, .insufficient: summary
    }
  }
}
