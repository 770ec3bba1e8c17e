import CardFindings
package import Unmask

extension ComparisonReport {
  /// The report of a result.
  package init(_ result: ComparisonResult) {
    self.init(
      candidate: result.candidate.description, foundation: result.foundation.description, similarity: result.similarity,
      verdict: result.verdict, change: result.change, parts: result.parts, unmatched: result.unmatched,
      isOneModel: result.isOneModel, card: result.card?.finding, depth: result.depth)
  }
}

extension VerificationReport {
  /// The report of a result.
  package init(_ result: VerificationResult) {
    self.init(
      model: result.model.description, finding: result.card.finding,
      comparisons: result.comparisons.map { ($0.base, ComparisonReport($0.result)) })
  }
}

extension Inspection {
  /// The report of a summary.
  package init(_ summary: ModelSummary) { self.init(model: summary.description, statistics: summary.statistics) }
}
