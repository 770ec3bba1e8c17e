package import ChangeAnalysis
package import Lineage
package import ModelAnatomy
package import WeightSimilarity

/// Everything that one comparison found: what the exporters of `compare` write.
package struct ComparisonReport: Sendable {
  /// What the rows of a table stand for.
  package enum Grouping: String, Sendable, CaseIterable {
    case layer, tensor, role
  }

  /// The model whose origin you want to know.
  package let candidate: ModelDescription
  /// The model that the candidate may come from.
  package let foundation: ModelDescription
  /// The figures.
  package let similarity: InPlaceSimilarity
  /// What they mean.
  package let verdict: Verdict

  /// What tuning changed; nil where that was not looked at, or cannot be told.
  package let change: Change?
  /// Whether candidate and foundation are the same files, however they were named.
  package let isOneModel: Bool

  /// A comparison from its parts.
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
