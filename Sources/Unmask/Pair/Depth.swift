/// How far a comparison escalates when what it has found so far is not conclusive.
public enum Depth: String, Sendable, CaseIterable {
  /// Compares weights in place only: one read of both models.
  case quick
  /// Also searches for moved layers and for neurons in any order and basis, where the comparison in place is not conclusive.
  case standard
  /// Always searches for them, and measures every changed matrix.
  case thorough
}
