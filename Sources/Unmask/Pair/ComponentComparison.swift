package import ChangeAnalysis
package import Lineage
package import WeightSimilarity

/// The comparison of one part of a candidate with its counterpart.
package struct ComponentComparison: Sendable {
  /// The name of the candidate's part.
  package let name: String
  /// The name of the foundation's part; nil where there is no counterpart.
  package let foundation: String?
  /// Parameters of the candidate's part.
  package let parameters: Int
  /// The results; nil where there is no counterpart.
  package let result: Result?

  /// What a comparison with a counterpart gives.
  package struct Result: Sendable {
    /// The measurements of each pair of weights.
    package let similarity: InPlaceSimilarity
    /// The conclusion from the measurements.
    package let verdict: Verdict
    /// What tuning changed; nil where it was not measured, or where masks hide it.
    package let change: Change?
    /// What each step found, in order; empty where that was not kept.
    package let steps: [StepRecord]

    package init(similarity: InPlaceSimilarity, verdict: Verdict, change: Change?, steps: [StepRecord] = []) {
      (self.similarity, self.verdict, self.change, self.steps) = (similarity, verdict, change, steps)
    }
  }

  package init(name: String, foundation: String?, parameters: Int, result: Result?) {
    (self.name, self.foundation, self.parameters, self.result) = (name, foundation, parameters, result)
  }
}
