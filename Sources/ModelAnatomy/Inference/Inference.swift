/// How a model was read whose names nobody knows.
///
/// ```swift
/// if let inference = anatomy.inference { print(inference.notes) }
/// ```
public struct Inference: Sendable, Hashable {
  /// What was inferred, and from what: one plain sentence each.
  public let notes: [String]
  /// How far this reading is from the likeliest, in standard deviations of what weights without any structure would show; 0 for the
  /// likeliest itself.
  public let distance: Double
  /// The share of the parameters that all likely readings place alike, 0 … 1.
  public let confidence: Double
}
