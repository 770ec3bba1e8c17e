package import Adapters

/// One thing that is known of how a candidate was tuned.
///
/// Facts on ranks are found only for weights that both models store as numbers. A candidate that is quantised, or has an adapter that is not
/// merged, has facts of its own instead.
package enum TuningFact: Sendable, Hashable {
  /// Some of the matrices that a comparison looked at.
  package enum Matrices: Sendable, Hashable {
    /// All of them.
    case all
    /// All matrices in layers, and those of these roles outside of layers.
    case allInLayers(outside: [String])
    /// Those of these roles.
    case roles([String])
  }

  /// Weights that share a fate: those of one role, or all vectors of a kind.
  package enum Group: Sendable, Hashable {
    case role(String)
    /// All norms' gains.
    case norms
    /// All biases.
    case biases
  }

  /// A rank with the roles of the matrices whose change has it.
  package struct Rank: Sendable, Hashable {
    /// The rank, at least 1.
    package let rank: Int
    /// The roles, in the order of the data's way through a model.
    package let roles: [String]

    /// A rank and its roles.
    package init(rank: Int, roles: [String]) { (self.rank, self.roles) = (rank, roles) }
  }

  /// The candidate has an adapter that is not merged, which changes this.
  case unmergedAdapter(AdapterSummary)
  /// The candidate is stored in codes of this format.
  case quantised(String)
  /// A merged LoRA: by rank, ascending. `layers`: those that it touched, ascending; empty when all were.
  case mergedLoRA([Rank], layers: [Int])
  /// The change of these matrices has all directions.
  case fullFinetuning(Matrices)
  /// The mean share of such a change's energy that its first eight directions hold, 0 … 1.
  case energyOfEight(Double)
  /// The change of these matrices is no more than rounding.
  case roundingOnly(Matrices)
  /// The change of these matrices has ranks in this range above rounding, and is no LoRA.
  case boundedRank(ClosedRange<Int>, Matrices)
  /// Matrices of these roles changed; the rank of the change was not measured.
  case changed(roles: [String])
  /// These vectors changed.
  case trained([Group])
  /// Ranks rest on so many of all changed matrices.
  case measured(Int, of: Int)
  /// These weights and layers did not change.
  case frozen([Group], layers: [Int])
  /// Everything that is in no other fact did not change.
  case restFrozen
  /// The layer that moved most, and its relative distance: ‖candidate − foundation‖ / ‖foundation‖.
  case movedMost(layer: Int, distance: Double)
  /// A token table has another number of rows.
  case tokens(before: Int, after: Int)
  /// Weights are stored in another type. `rounded`: the share of the numbers that are each other's rounded; nil where that was not looked at.
  case type(before: String, after: String, rounded: Double?)
  /// Roles that only the candidate has, in the order of their bytes.
  case added(roles: [String])
  /// Roles that only the foundation has, in the order of their bytes.
  case removed(roles: [String])
}
