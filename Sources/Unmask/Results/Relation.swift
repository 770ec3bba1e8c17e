import Lineage

/// The relation of a candidate to a foundation.
public enum Relation: String, Sendable, CaseIterable {
  /// Every weight equals its counterpart; files, shards and names may differ.
  case identical
  /// The candidate's weights descend from the foundation's, or both from a common origin.
  case derived
  /// The candidate was mixed from two or more of the given foundations.
  case merged
  /// Only a part of the candidate descends from the foundation.
  case partial
  /// The tests could have detected a common origin, and detected none.
  case independent
  /// Nothing can be compared, or too little to decide.
  case insufficient

  init(_ relation: Lineage.Relation) {
    self =
      switch relation {
      case .identical: .identical
      case .derived: .derived
      case .merged: .merged
      case .partial: .partial
      case .independent: .independent
      case .insufficient: .insufficient
      }
  }

  /// Whether weights of the two models have a common origin: true for `identical`, `derived`, `merged` and `partial`.
  public var isKinship: Bool {
    switch self {
    case .identical, .derived, .merged, .partial: true
    case .independent, .insufficient: false
    }
  }
}
