import ChangeAnalysis
import Lineage
import ModelAnatomy
import Pictures
package import TextFormats
import WeightSimilarity

extension ComparisonReport {
  /// The member `change` of the JSON document; null if the change is not known.
  var changeJSON: JSONText {
    guard let change else { return .null }
    return .object([
      "low_rank": change.lowRank.map {
        .object(["rank": .integer($0.rank), "roles": .strings($0.roles), "matrices": .integer($0.matrices)])
      } ?? .null,
      "removed_direction": change.removed.map(Self.json(removed:)) ?? .null,
      "frozen_layers": .array(change.frozenLayers.map { .integer($0) }),
      "changed_matrices": .integer(change.changedMatrices), "measured_matrices": .integer(change.measuredMatrices),
      "tokens": .array(
        change.storage.tables.map {
          .object(["role": .string($0.role), "before": .integer($0.before), "after": .integer($0.after)])
        }),
      "types": .array(
        change.storage.types.map {
          .object(["before": .string($0.before), "after": .string($0.after), "parameters": .integer($0.parameters)])
        }),
      "rounded": .optional(change.roundedShare),
      "added": Self.json(counts: change.storage.added), "removed": Self.json(counts: change.storage.removed),
      "roles": .array(change.roles.map(Self.json(role:))),
      "layers": .array(
        change.layers.map {
          .object([
            "layer": .integer($0.layer), "tensors": .integer($0.tensors), "frozen": .integer($0.frozen),
            "relative_l2": .optional($0.relativeL2), "ranks": .array($0.ranks.map { .integer($0) }),
          ])
        }),
    ])
  }

  private static func json(removed: RemovedDirection) -> JSONText {
    .object([
      "roles": .strings(removed.roles), "layers": .array(removed.layers.map { .integer($0) }),
      "matrices": .integer(removed.matrices), "cosine": .number(removed.cosine), "log10_p": .number(removed.log10P),
      "rows_rescaled": .bool(removed.areRowsRescaled),
    ])
  }

  private static func json(role: RoleChange) -> JSONText {
    .object([
      "role": .string(role.role), "change": .string(role.kind.name), "rank": .optional(role.kind.rank),
      "ranks": .array(role.ranks.map { .integer($0) }), "energy_of_eight": .optional(role.energyOfEight),
      "tensors": .integer(role.tensors), "frozen": .integer(role.frozen),
      "changed_layers": .array(role.changedLayers.map { .integer($0) }), "equal": .optional(role.equalShare),
      "relative_l2": .optional(role.relativeL2), "parameters": .integer(role.parameters),
    ])
  }

  private static func json(counts: [String: Int]) -> JSONText {
    .array(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { .object(["role": .string($0.key), "tensors": .integer($0.value)]) })
  }

  /// The change of each role, for text output; empty if nothing changed or the change is not known.
  package func changeTable() -> ColumnTable {
    var table = ColumnTable([
      .words("role"), .words("change"), .numbers("tensors changed"), .numbers("rel. L2"), .numbers("equal"),
      .numbers("in 8 directions"),
    ])
    guard let change, change.roles.contains(where: { $0.kind != .frozen }) else { return table }
    for role in change.roles {
      table.append([
        role.role, role.words, "\(role.tensors - role.frozen) of \(role.tensors)", Figures.fixed(role.relativeL2, 4),
        Figures.percent(role.equalShare), Figures.percent(role.energyOfEight),
      ])
    }
    return table
  }
}

extension RoleChange {
  /// A description of the change, for text output.
  fileprivate var words: String {
    switch kind {
    case .low(let rank): "rank \(rank)"
    case .bounded(let ranks) where ranks.upperBound == 0: "rounding"
    case .bounded(let ranks) where ranks.count == 1: "rank \(ranks.lowerBound)"
    case .bounded(let ranks): "rank \(ranks.lowerBound)–\(ranks.upperBound)"
    case .unmeasured: "changed"
    default: kind.name
    }
  }
}

extension RoleChange.Kind {
  /// The name in JSON and CSV.
  var name: String {
    switch self {
    case .frozen: "frozen"
    case .low: "low rank"
    case .bounded: "bounded rank"
    case .full: "full"
    case .replaced: "replaced"
    case .unmeasured: "not measured"
    }
  }

  /// The rank, if there is a single one and it is known.
  var rank: Int? {
    switch self {
    case .low(let rank): rank
    case .frozen: 0
    default: nil
    }
  }
}
