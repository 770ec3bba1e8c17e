import Adapters
import ChangeAnalysis
import WeightSimilarity

extension TuningFact {
  /// All known facts about how a candidate was tuned, the most informative first. `change`: nil if it was not measured.
  static func all(_ similarity: InPlaceSimilarity, _ change: Change?) -> [TuningFact] {
    let stored = [similarity.adapter.map(unmergedAdapter), similarity.quantisation.map(quantised)].compactMap(\.self)
    guard let change else { return stored }
    let (tokens, roles) = (tokens(change.storage), addedAndRemoved(change.storage))
    guard stored.isEmpty else { return stored + tokens + roles }
    let removed = change.removed.map { [TuningFact.abliteration($0)] } ?? []
    let trained = removed + lowRank(change) + full(change) + others(change) + basis(change)
    return trained + frozen(change) + moved(change) + tokens + types(change) + roles
  }

  private static func lowRank(_ change: Change) -> [TuningFact] {
    var byRank: [Int: [RoleChange]] = [:]
    for role in change.roles where !change.isRemoval(role) {
      if case .low(let rank) = role.kind { byRank[rank, default: []].append(role) }
    }
    guard !byRank.isEmpty else { return [] }
    let touched = Set(byRank.values.joined().flatMap(\.changedLayers))
    return [
      .mergedLoRA(
        byRank.sorted { $0.key < $1.key }.map { Rank(rank: $0.key, roles: $0.value.map(\.role)) },
        layers: touched.count == change.layers.count ? [] : touched.sorted())
    ]
  }

  /// A full finetuning, and the share of it that lies in a few directions.
  private static func full(_ change: Change) -> [TuningFact] {
    let matrices = change.roles.filter { $0.isMatrix && !change.isRemoval($0) }
    guard matrices.contains(where: { $0.kind == .full }) else { return [] }
    // A change with low rank in some roles and full rank in others is one training.
    let trained = matrices.filter { $0.kind == .full || $0.isBounded }
    let names = Set(trained.map(\.role))
    let isTrained = { (role: RoleChange) in names.contains(role.role) || role.kind == .replaced }
    let (inside, outside) = (matrices.filter { !$0.isOutside }, matrices.filter(\.isOutside))
    let what: Matrices
    if !inside.isEmpty, inside.allSatisfy(isTrained) {
      what = outside.allSatisfy(isTrained) ? .all : .allInLayers(outside: outside.filter(isTrained).map(\.role))
    } else {
      what = .roles(trained.map(\.role))
    }
    let energies = trained.compactMap(\.energyOfEight)
    return [.fullFinetuning(what), .energyOfEight(energies.reduce(0, +) / Double(max(1, energies.count)))]
  }

  /// Changes that are neither a LoRA nor full: changes with different ranks, changes of vectors, or changes without a measured
  /// rank.
  private static func others(_ change: Change) -> [TuningFact] {
    let isFull = change.roles.contains { $0.kind == .full && !change.isRemoval($0) }
    let isSomeFrozen = change.roles.contains { $0.kind == .frozen }
    var found: [TuningFact] = []
    let bounded = change.roles.filter { $0.isBounded && !isFull && !change.isRemoval($0) }
    let ranks = bounded.compactMap(\.bounds)
    if let least = ranks.map(\.lowerBound).min(), let most = ranks.map(\.upperBound).max() {
      let matrices: Matrices = bounded.count == change.roles.count(where: \.isMatrix) ? .all : .roles(bounded.map(\.role))
      found.append(most == 0 ? .roundingOnly(matrices) : .boundedRank(least...most, matrices))
    }
    let unmeasured = change.roles.filter { $0.isMatrix && $0.kind == .unmeasured }
    if !unmeasured.isEmpty, isSomeFrozen { found.append(.changed(roles: unmeasured.map(\.role))) }
    // A full finetuning also changes vectors, so no extra fact is needed.
    let vectors = change.roles.filter { !$0.isMatrix && $0.kind != .frozen }
    if !isFull, isSomeFrozen, !vectors.isEmpty, !change.hasReplacedLayers {
      found.append(.trained(groups(vectors, of: change)))
    }
    return found
  }

  /// The number of matrices behind the ranks, if it is not all of them.
  private static func basis(_ change: Change) -> [TuningFact] {
    (1..<max(1, change.changedMatrices)).contains(change.measuredMatrices)
      ? [.measured(change.measuredMatrices, of: change.changedMatrices)] : []
  }

  private static func frozen(_ change: Change) -> [TuningFact] {
    let frozen = change.roles.filter { $0.kind == .frozen }
    let changed = change.roles.filter { $0.kind != .frozen }
    guard !changed.isEmpty else { return [] }
    let layers = change.frozenLayers
    if layers.isEmpty, frozen.count > 4, frozen.count > changed.count { return [.restFrozen] }
    return frozen.isEmpty && layers.isEmpty ? [] : [.frozen(groups(frozen, of: change), layers: layers)]
  }

  /// The layer that moved most.
  private static func moved(_ change: Change) -> [TuningFact] {
    let distances = change.layers.compactMap { layer in
      layer.frozen == layer.tensors ? nil : layer.relativeL2.map { (layer: layer.layer, distance: $0) }
    }
    guard change.layers.count > 1, !change.hasReplacedLayers, let most = distances.max(by: { $0.distance < $1.distance }),
      most.distance > 0
    else {
      return []
    }
    return [.movedMost(layer: most.layer, distance: most.distance)]
  }

  private static func tokens(_ storage: StorageChange) -> [TuningFact] {
    storage.tables.reduce(into: []) { found, table in
      let fact = tokens(before: table.before, after: table.after)
      if !found.contains(fact) { found.append(fact) }
    }
  }

  private static func types(_ change: Change) -> [TuningFact] {
    change.storage.types.prefix(1).map { .type(before: $0.before, after: $0.after, rounded: change.roundedShare) }
  }

  private static func addedAndRemoved(_ storage: StorageChange) -> [TuningFact] {
    let sorted = { (roles: [String: Int]) in roles.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    return (storage.added.isEmpty ? [] : [.added(roles: sorted(storage.added))])
      + (storage.removed.isEmpty ? [] : [.removed(roles: sorted(storage.removed))])
  }

  /// The roles. All norms or all biases become one group if all of them are among these.
  private static func groups(_ roles: [RoleChange], of change: Change) -> [Group] {
    var found: [Group] = []
    for role in roles {
      let kind = [(Group.norms, \RoleChange.isNorm), (.biases, \RoleChange.isBias)].first { role[keyPath: $0.1] }
      guard let (group, isOfKind) = kind, change.roles.filter({ $0[keyPath: isOfKind] }).allSatisfy(roles.contains) else {
        found.append(.role(role.role))
        continue
      }
      if !found.contains(group) { found.append(group) }
    }
    return found
  }
}

extension Change {
  /// True if the removal of a direction explains the change of the role.
  fileprivate func isRemoval(_ role: RoleChange) -> Bool { removed?.roles.contains(role.role) ?? false }

  /// True if some matrix in a layer is not the foundation's. Then changes of its vectors are no tuning.
  fileprivate var hasReplacedLayers: Bool { roles.contains { !$0.isOutside && $0.kind == .replaced } }
}

extension RoleChange {
  fileprivate var isNorm: Bool { !isMatrix && role.hasSuffix("norm") }
  fileprivate var isBias: Bool { !isMatrix && role.hasSuffix(".bias") }
  fileprivate var bounds: ClosedRange<Int>? { if case .bounded(let ranks) = kind { ranks } else { nil } }
  fileprivate var isBounded: Bool { bounds != nil }
}
