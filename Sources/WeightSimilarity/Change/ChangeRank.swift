/// The one rank that a change has in every matrix that it touched: what a merged LoRA leaves.
///
/// It is the same from either side: A − B has the rank of B − A.
public struct ChangeRank: Sendable, Equatable {
  /// The rank.
  public let rank: Int
  /// The roles that changed by it, in the order of the data's way.
  public let roles: [String]
  /// Matrices whose singular values say so.
  public let matrices: Int
}
