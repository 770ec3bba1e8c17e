/// The one rank that a change has in every matrix that it touched, as a merged LoRA leaves it.
///
/// The rank does not depend on which model is the foundation: A − B has the rank of B − A.
package struct ChangeRank: Sendable, Equatable {
  /// The rank.
  package let rank: Int
  /// The roles that changed by it, in the order in which data flows through a model.
  package let roles: [String]
  /// Matrices whose singular values say so.
  package let matrices: Int
}
