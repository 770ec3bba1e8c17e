package import ChangeAnalysis
package import Lineage
package import ModelAnatomy
package import WeightSimilarity

/// All results of one comparison, for the exporters of `compare`.
package struct ComparisonReport: Sendable {
  /// The meaning of a row in a table.
  package enum Grouping: String, Sendable, CaseIterable {
    case layer, tensor, role
  }

  /// The model whose origin is in question.
  package let candidate: ModelDescription
  /// The model that the candidate may come from.
  package let foundation: ModelDescription
  /// The figures.
  package let similarity: InPlaceSimilarity
  /// The interpretation of the figures.
  package let verdict: Verdict

  /// The changes by tuning; nil if they were not computed or cannot be determined.
  package let change: Change?
  /// Whether candidate and foundation are the same files, even under different names.
  package let isOneModel: Bool

  /// Creates a report from its parts.
  package init(
    candidate: ModelDescription, foundation: ModelDescription, similarity: InPlaceSimilarity, verdict: Verdict,
    change: Change? = nil, isOneModel: Bool = false
  ) {
    self.isOneModel = isOneModel
    self.change = change
    self.candidate = candidate
    self.foundation = foundation
    self.similarity = similarity
    self.verdict = verdict
  }
}
