/// The rank of a change that has the same low rank in every changed matrix, such as a merged LoRA.
///
/// The rank does not depend on which model is the foundation: A − B has the rank of B − A.
package struct ChangeRank: Sendable, Equatable {
  /// The rank.
  package let rank: Int
  /// The roles that changed by this rank, in the order in which data flows through a model.
  package let roles: [String]
  /// Number of matrices whose singular values were measured.
  package let matrices: Int
}
