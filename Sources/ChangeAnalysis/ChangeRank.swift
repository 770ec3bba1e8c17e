/// The one rank that a change has in every matrix that it touched, as a merged LoRA leaves it.
///
/// The rank does not depend on which model is the foundation: A − B has the rank of B − A.
public struct ChangeRank: Sendable, Equatable {
  /// The rank.
  public let rank: Int
  /// The roles that changed by it, in the order in which data flows through a model.
  public let roles: [String]
  /// Matrices whose singular values say so.
  public let matrices: Int
}
