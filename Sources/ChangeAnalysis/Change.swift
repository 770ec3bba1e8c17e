package import WeightSimilarity

/// How a candidate differs from a foundation that it is related to: what was trained, how far, and in how many directions.
///
/// ```swift
/// let change = Change(similarity)!
/// change.lowRank          // ChangeRank(rank: 8, roles: ["q_proj", "v_proj"], matrices: 12)
/// change.frozenLayers     // [0, 1, 2]
/// ```
///
/// It is computed from the figures of one pass in place; ranks come from a `ChangePass`. It is meaningless for models whose
/// weights were masked, because the same position holds unrelated numbers there. O(tensors).
package struct Change: Sendable, Equatable {
  /// One layer of the candidate.
  package struct Layer: Sendable, Equatable {
    /// The number of the layer.
    package let layer: Int
    /// Number of its weights that have a counterpart.
    package let tensors: Int
    /// Number of these weights that did not change.
    package let frozen: Int
    /// Mean relative distance of its matrices, weighted by parameters.
    package let relativeL2: Double?
    /// The ranks of its measured matrices, ascending.
    package let ranks: [Int]
  }

  /// The roles of matrices and vectors, in the order in which data flows through a model.
  package let roles: [RoleChange]
  /// The layers, in ascending order.
  package let layers: [Layer]
  /// Changes of types, token tables and tensors.
  package let storage: StorageChange
  /// For weights stored in two types: the share of sampled numbers whose coarser value is the finer one rounded. nil when all
  /// types are equal.
  package let roundedShare: Double?
  /// Number of matrices that changed.
  package let changedMatrices: Int
  /// Number of changed matrices whose singular values were measured.
  package let measuredMatrices: Int
  /// The direction that was removed from matrices of several layers; nil if there is none, or if it was not searched.
  package private(set) var removed: RemovedDirection?

  /// nil when most of the compared matrices are not in place, or equal elements were not counted: then figures in place do not
  /// describe the change.
  package init?(_ similarity: InPlaceSimilarity) {
    let tensors = similarity.tensors
    let matrices = tensors.filter(\.isMatrix)
    let inPlace = matrices.filter(\.isInPlace)
    let count = { (some: [TensorSimilarity]) in some.reduce(0) { $0 + $1.parameters } }
    guard !matrices.isEmpty, 2 * count(inPlace) >= count(matrices),
      tensors.allSatisfy({ $0.equalShare != nil || $0.cosine == nil })
    else { return nil }
    var order: [String] = []
    var byRole: [String: [TensorSimilarity]] = [:]
    for tensor in tensors {
      if byRole[tensor.role] == nil { order.append(tensor.role) }
      byRole[tensor.role, default: []].append(tensor)
    }
    roles = order.compactMap { byRole[$0] }.map(RoleChange.init)
    layers = Dictionary(grouping: tensors.filter { $0.layer != nil }, by: { $0.layer ?? 0 }).sorted { $0.key < $1.key }
      .map { layer, tensors in
        Layer(
          layer: layer, tensors: tensors.count, frozen: tensors.count(where: \.isFrozen),
          relativeL2: GroupSimilarity(of: tensors).relativeL2, ranks: tensors.compactMap { $0.spectrum?.rank }.sorted())
      }
    storage = similarity.storage
    roundedShare = tensors.reduce(into: WeightedMean()) { $0.add($1.roundedShare, weight: $1.parameters) }.value
    changedMatrices = matrices.count { !$0.isFrozen }
    measuredMatrices = matrices.count { $0.spectrum != nil }
  }

  /// This change with the direction that was removed.
  package func removing(_ direction: RemovedDirection?) -> Change {
    var change = self
    change.removed = direction
    return change
  }

  /// Layers in which nothing changed, ascending.
  package var frozenLayers: [Int] { layers.filter { $0.frozen == $0.tensors }.map(\.layer) }

  /// The rank of the change when every changed role inside the layers has the same low rank; nil otherwise, or when it was not
  /// measured. Token tables and vectors do not count, because they are often trained beside a LoRA.
  package var lowRank: ChangeRank? {
    let changed = roles.filter { $0.isMatrix && !$0.isOutside && $0.kind != .frozen }
    var rank: Int?
    for role in changed {
      guard case .low(let own) = role.kind, rank == nil || rank == own else { return nil }
      rank = own
    }
    return rank.map { ChangeRank(rank: $0, roles: changed.map(\.role), matrices: changed.reduce(0) { $0 + $1.ranks.count }) }
  }
}
