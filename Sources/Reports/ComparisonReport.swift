public import ChangeAnalysis
public import Lineage
public import ModelAnatomy
public import WeightSimilarity

/// Everything that one comparison found: what the exporters of `compare` write.
public struct ComparisonReport: Sendable {
  /// What the rows of a table stand for.
  public enum Grouping: String, Sendable, CaseIterable {
    case layer, tensor, role
  }

  /// The model whose origin is in question.
  public let candidate: ModelDescription
  /// The model that it may come from.
  public let foundation: ModelDescription
  /// The figures.
  public let similarity: InPlaceSimilarity
  /// What they mean.
  public let verdict: Verdict

  /// What tuning changed; nil where that was not looked at, or cannot be told.
  public let change: Change?
  /// Whether candidate and foundation are the same files, however they were named.
  public let isOneModel: Bool

  /// A comparison from its parts.
  public init(
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
