package import Adapters
package import ChangeAnalysis

/// One known fact about how a candidate was tuned.
///
/// Facts on ranks exist only for weights that both models store as numbers. For a candidate that is quantised, or has an adapter
/// that is not merged, there are separate facts.
package enum TuningFact: Sendable, Hashable {
  /// A selection of the compared matrices.
  package enum Matrices: Sendable, Hashable {
    /// All of them.
    case all
    /// All matrices in layers, and those of these roles outside of layers.
    case allInLayers(outside: [String])
    /// The matrices of these roles.
    case roles([String])
  }

  /// A group of weights with one outcome: those of one role, or all vectors of a kind.
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
    /// The roles, in the order of the data flow through a model.
    package let roles: [String]

    /// A rank and its roles.
    package init(rank: Int, roles: [String]) { (self.rank, self.roles) = (rank, roles) }
  }

  /// The candidate has an adapter that is not merged. It changes these weights.
  case unmergedAdapter(AdapterSummary)
  /// The candidate is stored in codes of this format.
  case quantised(String)
  /// Abliteration: one direction was removed from the matrices of these roles in these layers.
  case abliteration(RemovedDirection)
  /// A merged LoRA: by rank, ascending. `layers`: the changed layers, ascending; empty if all layers changed.
  case mergedLoRA([Rank], layers: [Int])
  /// The change of these matrices has full rank.
  case fullFinetuning(Matrices)
  /// The mean share of such a change's energy that its first eight directions hold, 0 … 1.
  case energyOfEight(Double)
  /// The change of these matrices is only rounding.
  case roundingOnly(Matrices)
  /// The change of these matrices has ranks in this range above rounding, and is no LoRA.
  case boundedRank(ClosedRange<Int>, Matrices)
  /// Matrices of these roles changed; the rank of the change was not measured.
  case changed(roles: [String])
  /// These vectors changed.
  case trained([Group])
  /// The number of measured matrices, of all changed matrices. Ranks rest on these.
  case measured(Int, of: Int)
  /// These weights and layers did not change.
  case frozen([Group], layers: [Int])
  /// All weights that are in no other fact did not change.
  case restFrozen
  /// The layer that moved most, and its relative distance: ‖candidate − foundation‖ / ‖foundation‖.
  case movedMost(layer: Int, distance: Double)
  /// A token table has another number of rows.
  case tokens(before: Int, after: Int)
  /// Weights are stored in another type. `rounded`: the share of the numbers that equal the other model's after rounding; nil if
  /// it was not measured.
  case type(before: String, after: String, rounded: Double?)
  /// Roles that only the candidate has, in the order of their bytes.
  case added(roles: [String])
  /// Roles that only the foundation has, in the order of their bytes.
  case removed(roles: [String])
}
