/// The relation of a candidate to a foundation (<doc:Method>, section 0).
///
/// The test detects a common origin of weights, not which model was copied. Two children of one parent are related, and so are
/// two trainings from one random start.
package enum Relation: String, Sendable, CaseIterable {
  /// Every weight has the same value, whatever its type, shard or name.
  case identical
  /// The candidate's weights descend from the foundation's, or both from a common origin.
  case derived
  /// Descends from two or more of the given foundations.
  case merged
  /// Only part of the candidate descends from the foundation.
  case partial
  /// The test could have seen a common origin and did not.
  case independent
  /// Nothing is comparable, or too little for an answer.
  case insufficient
}

extension Relation {
  /// True for the relations that state a common origin of weights.
  package var isKinship: Bool {
    switch self {
    case .identical, .derived, .merged, .partial: true
    case .independent, .insufficient: false
    }
  }
}
