package import Unmask

extension ComparisonReport {
  /// The report of a result.
  package init(_ result: ComparisonResult) {
    self.init(
      candidate: result.candidate.description, foundation: result.foundation.description, similarity: result.similarity,
      verdict: result.verdict, change: result.change, parts: result.parts, unmatched: result.unmatched,
      isOneModel: result.isOneModel)
  }
}

extension Inspection {
  /// The report of a summary.
  package init(_ summary: ModelSummary) { self.init(model: summary.description, statistics: summary.statistics) }
}
