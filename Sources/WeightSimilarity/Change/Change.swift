/// How a candidate differs from a foundation that it is kin to: what was trained, how far, and in how many directions (METHOD.md 5).
///
/// ```swift
/// let change = Change(similarity)!
/// change.lowRank          // ChangeRank(rank: 8, roles: ["q_proj", "v_proj"], matrices: 12)
/// change.frozenLayers     // [0, 1, 2]
/// ```
///
/// All of it comes from one pass in place, and ranks from what a `ChangePass` looked at. It says nothing of models whose weights
/// were masked: there equal places hold other numbers. O(tensors).
public struct Change: Sendable, Equatable {
  /// One layer of the candidate.
  public struct Layer: Sendable, Equatable {
    /// Its number.
    public let layer: Int
    /// Weights that have a counterpart.
    public let tensors: Int
    /// Those that did not change.
    public let frozen: Int
    /// Mean relative distance of its matrices, weighted by parameters.
    public let relativeL2: Double?
    /// The ranks of its matrices that were looked at, ascending.
    public let ranks: [Int]
  }

  /// In the order of the data's way, matrices and vectors.
  public let roles: [RoleChange]
  /// Ascending.
  public let layers: [Layer]
  /// Types, tokens and tensors.
  public let storage: StorageChange
  /// Share of the numbers that were looked at and whose coarser side is the finer one rounded, of weights in two types; nil without.
  public let roundedShare: Double?
  /// Matrices that changed.
  public let changedMatrices: Int
  /// Those of them whose singular values were looked at.
  public let measuredMatrices: Int

  /// nil where most of the compared matrices are not in place, or equal elements were not counted: then nothing follows from figures in
  /// place.
  public init?(_ similarity: InPlaceSimilarity) {
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

  /// Layers of which nothing changed, ascending.
  public var frozenLayers: [Int] { layers.filter { $0.frozen == $0.tensors }.map(\.layer) }

  /// The rank of the change where it is one low number for every role of the layers that changed; nil otherwise, or where that was
  /// not looked at. Token tables and vectors, which are often trained beside a LoRA, have no say.
  public var lowRank: ChangeRank? {
    let changed = roles.filter { $0.isMatrix && !$0.isOutside && $0.kind != .frozen }
    var rank: Int?
    for role in changed {
      guard case .low(let own) = role.kind, rank == nil || rank == own else { return nil }
      rank = own
    }
    return rank.map { ChangeRank(rank: $0, roles: changed.map(\.role), matrices: changed.reduce(0) { $0 + $1.ranks.count }) }
  }
}
