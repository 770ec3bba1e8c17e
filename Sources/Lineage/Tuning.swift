import ChangeAnalysis
import WeightSimilarity

/// How a candidate was tuned, in the words of the reports.
///
/// Words on ranks are said only of weights that both models store as numbers; a quantised candidate, or one with an adapter that is not
/// merged, has words of its own.
enum Tuning {
  /// Everything that is known of it.
  static func words(_ similarity: InPlaceSimilarity, _ change: Change?) -> [String] {
    guard let change else { return similarity.tuning }
    let (tokens, tensors) = (tokens(change.storage), tensors(change.storage))
    guard similarity.tuning.isEmpty else { return similarity.tuning + tokens + tensors }
    let trained = lowRank(change) + full(change) + others(change) + basis(change)
    return trained + frozen(change) + moved(change) + tokens + types(change) + tensors
  }

  /// "LoRA, rank 8, on q_proj and v_proj, merged".
  static func lowRank(_ change: Change) -> [String] {
    var byRank: [Int: [RoleChange]] = [:]
    for role in change.roles {
      if case .low(let rank) = role.kind { byRank[rank, default: []].append(role) }
    }
    guard !byRank.isEmpty else { return [] }
    let all = byRank.sorted { $0.key < $1.key }
    let targets =
      all.count == 1
      ? ", rank \(all[0].key), on \(list(all[0].value.map(\.role)))"
      : all.map { ", rank \($0.key) on \(list($0.value.map(\.role)))" }.joined()
    let touched = Set(all.flatMap { $0.value.flatMap(\.changedLayers) })
    let part =
      touched.isEmpty || touched.count == change.layers.count ? "" : ", in layers \(LayerKinship.ranges(touched.sorted()))"
    return ["LoRA\(targets)\(part), merged"]
  }

  /// "full finetuning of all matrices", and how much of it is in a few directions.
  static func full(_ change: Change) -> [String] {
    let matrices = change.roles.filter(\.isMatrix)
    guard matrices.contains(where: { $0.kind == .full }) else { return [] }
    // What is low in some roles and has all directions in others is one training.
    let trained = matrices.filter { $0.kind == .full || $0.isBounded }
    let names = Set(trained.map(\.role))
    let isTrained = { (role: RoleChange) in names.contains(role.role) || role.kind == .replaced }
    let (inside, outside) = (matrices.filter { !$0.isOutside }, matrices.filter(\.isOutside))
    let what: String
    if !inside.isEmpty, inside.allSatisfy(isTrained) {
      what = outside.allSatisfy(isTrained) ? "all matrices" : "all matrices in layers" + and(outside.filter(isTrained))
    } else {
      what = list(trained.map(\.role))
    }
    let energies = trained.compactMap(\.energyOfEight)
    let mean = energies.reduce(0, +) / Double(max(1, energies.count))
    return ["full finetuning of \(what)", "the first 8 directions hold \(Int((100 * mean).rounded(.down))) % of the change"]
  }

  private static func and(_ roles: [RoleChange]) -> String { roles.isEmpty ? "" : " and of " + list(roles.map(\.role)) }

  /// Changes that are neither a LoRA nor full: of ranks that differ, of vectors, or not looked at.
  static func others(_ change: Change) -> [String] {
    let isFull = change.roles.contains { $0.kind == .full }
    let isSomeFrozen = change.roles.contains { $0.kind == .frozen }
    var found: [String] = []
    let bounded = change.roles.filter { $0.isBounded && !isFull }
    let ranks = bounded.compactMap(\.bounds)
    if let least = ranks.map(\.lowerBound).min(), let most = ranks.map(\.upperBound).max() {
      let names = bounded.count == change.roles.count(where: \.isMatrix) ? "all matrices" : list(bounded.map(\.role))
      found.append(
        most == 0
          ? "\(names) changed by no more than rounding"
          : "change of rank \(least == most ? "\(most)" : "\(least)–\(most)") above rounding in \(names)")
    }
    let unmeasured = change.roles.filter { $0.isMatrix && $0.kind == .unmeasured }
    if !unmeasured.isEmpty, isSomeFrozen { found.append("changed: " + list(unmeasured.map(\.role))) }
    // Beside a full finetuning they go without saying.
    let vectors = change.roles.filter { !$0.isMatrix && $0.kind != .frozen }
    if !isFull, isSomeFrozen, !vectors.isEmpty, !change.hasReplacedLayers {
      found.append("trained: " + list(condensed(vectors, of: change)))
    }
    return found
  }

  /// How many matrices the ranks rest on, where those are not all.
  private static func basis(_ change: Change) -> [String] {
    (1..<max(1, change.changedMatrices)).contains(change.measuredMatrices)
      ? ["ranks from \(change.measuredMatrices) of \(change.changedMatrices) changed matrices"] : []
  }

  /// "frozen: embed_tokens, norms, layers 0–3".
  static func frozen(_ change: Change) -> [String] {
    let frozen = change.roles.filter { $0.kind == .frozen }
    let changed = change.roles.filter { $0.kind != .frozen }
    guard !changed.isEmpty else { return [] }
    let layers = change.frozenLayers
    let places = layers.isEmpty ? [] : ["layer\(layers.count == 1 ? "" : "s") \(LayerKinship.ranges(layers))"]
    if layers.isEmpty, frozen.count > 4, frozen.count > changed.count { return ["everything else frozen"] }
    let names = condensed(frozen, of: change) + places
    return names.isEmpty ? [] : ["frozen: " + names.joined(separator: ", ")]
  }

  /// Which layer moved most, by how much of its norm.
  private static func moved(_ change: Change) -> [String] {
    let distances = change.layers.compactMap { layer in
      layer.frozen == layer.tensors ? nil : layer.relativeL2.map { (layer: layer.layer, distance: $0) }
    }
    guard change.layers.count > 1, !change.hasReplacedLayers, let most = distances.max(by: { $0.distance < $1.distance }),
      most.distance > 0
    else {
      return []
    }
    return ["layer \(most.layer) moved most, by \(Finding.rounded(most.distance)) of its norm"]
  }

  private static func tokens(_ storage: StorageChange) -> [String] {
    var found: [String] = []
    for table in storage.tables {
      let count = abs(table.after - table.before)
      let words =
        "\(count) token\(count == 1 ? "" : "s") \(table.after > table.before ? "added" : "removed") (\(table.before) → \(table.after))"
      if !found.contains(words) { found.append(words) }
    }
    return found
  }

  private static func types(_ change: Change) -> [String] {
    guard let types = change.storage.types.first else { return [] }
    let words = "\(types.after) instead of \(types.before)"
    guard let share = change.roundedShare else { return [words] }
    if share == 1 { return [words + ", the numbers being each other's rounded"] }
    return [share >= 0.01 ? "\(words), \(Finding.percent(share)) of the numbers being each other's rounded" : words]
  }

  private static func tensors(_ storage: StorageChange) -> [String] {
    [("adds", storage.added), ("lacks", storage.removed)].compactMap { word, roles in
      let names = roles.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return names.isEmpty ? nil : "\(word) \(list(Array(names.prefix(6))))\(names.count > 6 ? ", …" : "")"
    }
  }

  /// Roles' names, all norms or all biases together where they share a fate.
  private static func condensed(_ roles: [RoleChange], of change: Change) -> [String] {
    var names: [String] = []
    for role in roles {
      let kin = [("norms", \RoleChange.isNorm), ("biases", \RoleChange.isBias)].first { role[keyPath: $0.1] }
      guard let (word, isKin) = kin, change.roles.filter({ $0[keyPath: isKin] }).allSatisfy(roles.contains) else {
        names.append(role.role)
        continue
      }
      if !names.contains(word) { names.append(word) }
    }
    return names
  }

  /// "a", "a and b", "a, b and c".
  static func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}

extension Change {
  /// True when some matrix in a layer is not the foundation's: then what its vectors did is no tuning.
  fileprivate var hasReplacedLayers: Bool { roles.contains { !$0.isOutside && $0.kind == .replaced } }
}

extension RoleChange {
  fileprivate var isNorm: Bool { !isMatrix && role.hasSuffix("norm") }
  fileprivate var isBias: Bool { !isMatrix && role.hasSuffix(".bias") }
  fileprivate var bounds: ClosedRange<Int>? { if case .bounded(let ranks) = kind { ranks } else { nil } }
  fileprivate var isBounded: Bool { bounds != nil }
}
