/// How a model was read whose names tell no roles.
///
/// ```swift
/// if let inference = anatomy.inference { print(inference.notes) }
/// ```
package struct Inference: Sendable, Hashable {
  /// What was inferred, and from what: one plain sentence each.
  package let notes: [String]
  /// Roles that another likely reading gives the other way round, in words (`gate_proj or up_proj`).
  package let undecided: [String]
  /// How far this reading is from the likeliest, in standard deviations of what weights without any structure would show; 0 for the
  /// likeliest itself.
  package let distance: Double
  /// The share of the parameters to which all likely readings give the same role and layer, 0 … 1.
  package let confidence: Double

  /// An inference with these notes, by default of the only and certain reading.
  package init(notes: [String], undecided: [String] = [], distance: Double = 0, confidence: Double = 1) {
    self.notes = notes
    self.undecided = undecided
    self.distance = distance
    self.confidence = confidence
  }

  /// The warnings for everything that relies on the roles.
  var warnings: [String] {
    let doubt = undecided.isEmpty ? "" : "; the weights do not decide \(undecided.joined(separator: ", "))"
    return ["the names of the tensors are unknown: \(notes.joined(separator: "; "))\(doubt)"]
  }
}
