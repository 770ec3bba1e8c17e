/// The inference of roles for a model whose names do not give them.
///
/// ```swift
/// if let inference = anatomy.inference { print(inference.notes) }
/// ```
package struct Inference: Sendable, Hashable {
  /// The inferred facts and their evidence, one plain sentence each.
  package let notes: [String]
  /// Roles that another likely reading exchanges, as text (`gate_proj or up_proj`).
  package let undecided: [String]
  /// The distance of this reading from the most likely one, in standard deviations of the statistic for weights without any
  /// structure; 0 for the most likely reading.
  package let distance: Double
  /// The share of the parameters to which all likely readings give the same role and layer, 0 … 1.
  package let confidence: Double

  /// An inference with these notes; by default the reading is the only one and certain.
  package init(notes: [String], undecided: [String] = [], distance: Double = 0, confidence: Double = 1) {
    self.notes = notes
    self.undecided = undecided
    self.distance = distance
    self.confidence = confidence
  }

  /// The warnings for every result that depends on the roles.
  var warnings: [String] {
    let doubt = undecided.isEmpty ? "" : "; the weights do not decide \(undecided.joined(separator: ", "))"
    return ["the names of the tensors are unknown: \(notes.joined(separator: "; "))\(doubt)"]
  }
}
