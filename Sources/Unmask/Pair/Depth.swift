/// How far a comparison escalates while its results are not conclusive.
public enum Depth: String, Sendable, CaseIterable {
  /// Compares weights in place only: one read of both models, or of a sample of each matrix where a model is not on this machine.
  case quick
  /// Also searches for moved layers and for neurons in any order and basis, where the comparison in place is not conclusive.
  case standard
  /// Always searches for moved layers and neurons, and measures every changed matrix.
  case thorough
}
