package import CardFindings
package import ChangeAnalysis
package import Lineage
package import ModelAnatomy
package import Unmask
package import WeightSimilarity

/// All results of one comparison, for the exporters of `compare`.
package struct ComparisonReport: Sendable {
  /// The meaning of a row in a table.
  package enum Grouping: String, Sendable, CaseIterable {
    case layer, tensor, role, component
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
  /// The comparisons of the candidate's parts, the main one first. The figures above are those of the main part.
  package let parts: [ComponentComparison]
  /// Names of the tensors of both models without a counterpart, in name order.
  package let unmatched: (candidate: [String], foundation: [String])
  /// Whether candidate and foundation are the same files, even under different names.
  package let isOneModel: Bool
  /// What the weights say of the candidate's model card; nil where it was not requested.
  package let card: CardFinding?
  /// How far the comparison escalated; nil where that was not kept.
  package let depth: Depth?
  /// Whether exporters also say how the verdict came about, step by step.
  package var isExplained = false

  /// Creates a report. Without `parts` the models have one part each.
  package init(
    candidate: ModelDescription, foundation: ModelDescription, similarity: InPlaceSimilarity, verdict: Verdict,
    change: Change? = nil, parts: [ComponentComparison]? = nil, unmatched: (candidate: [String], foundation: [String])? = nil,
    isOneModel: Bool = false, card: CardFinding? = nil, depth: Depth? = nil
  ) {
    self.parts =
      parts ?? [
        ComponentComparison(
          name: candidate.mainPart, foundation: foundation.mainPart, parameters: candidate.parameters,
          result: ComponentComparison.Result(similarity: similarity, verdict: verdict, change: change))
      ]
    self.unmatched = unmatched ?? (similarity.unmatchedCandidate, similarity.unmatchedFoundation)
    self.isOneModel = isOneModel
    (self.card, self.depth) = (card, depth)
    self.change = change
    self.candidate = candidate
    self.foundation = foundation
    self.similarity = similarity
    self.verdict = verdict
  }
}
