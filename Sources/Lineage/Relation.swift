/// What a candidate is to a foundation (<doc:Method>, section 0).
///
/// What is detected is a common origin of weights, not who took from whom: two children of one parent are kin, and so
/// are two trainings from one random start.
package enum Relation: String, Sendable, CaseIterable {
  /// Every weight has the same value, whatever its type, shard or name.
  case identical
  /// The candidate's weights descend from the foundation's, or both from a common origin.
  case derived
  /// Descends from two or more of the given foundations.
  case merged
  /// Only part of it descends from the foundation.
  case partial
  /// The test had the power to see kinship and saw none.
  case independent
  /// Nothing comparable, or too little to tell.
  case insufficient
}

extension Relation {
  /// True for the relations that say that weights have a common origin.
  package var isKinship: Bool {
    switch self {
    case .identical, .derived, .merged, .partial: true
    case .independent, .insufficient: false
    }
  }
}
