import Adapters
import ChangeAnalysis
package import Lineage
import Pictures

extension TuningFact {
  /// The fact as a short text, for reports and for JSON and CSV.
  package var words: String {
    switch self {
    case .unmergedAdapter(let change): change.words
    case .quantised(let format): format
    case .abliteration(let removed):
      "abliteration: one direction removed from \(Words.list(removed.roles)) in \(Figures.counted(removed.layers.count, "layer")), "
        + "cosine between layers \(Words.rounded(removed.cosine))" + (removed.areRowsRescaled ? ", rows rescaled" : "")
    case .mergedLoRA(let ranks, let layers):
      "LoRA" + Self.targets(ranks) + (layers.isEmpty ? "" : ", in layers \(Words.ranges(layers))") + ", merged"
    case .fullFinetuning(let matrices): "full finetuning of \(matrices.words)"
    case .energyOfEight(let share): "the first 8 directions hold \(Int((100 * share).rounded(.down))) % of the change"
    case .roundingOnly(let matrices): "\(matrices.words) changed by no more than rounding"
    case .boundedRank(let ranks, let matrices):
      "change of rank \(ranks.count == 1 ? "\(ranks.upperBound)" : "\(ranks.lowerBound)–\(ranks.upperBound)") above rounding in "
        + matrices.words
    case .changed(let roles): "changed: " + Words.list(roles)
    case .trained(let groups): "trained: " + Words.list(groups.map(\.words))
    case .measured(let count, let all): "ranks from \(count) of \(all) changed matrices"
    case .frozen(let groups, let layers):
      "frozen: "
        + (groups.map(\.words) + (layers.isEmpty ? [] : ["layer\(layers.count == 1 ? "" : "s") \(Words.ranges(layers))"]))
        .joined(separator: ", ")
    case .restFrozen: "everything else frozen"
    case .movedMost(let layer, let distance): "layer \(layer) moved most, by \(Words.rounded(distance)) of its norm"
    case .tokens(let before, let after): Self.tokens(before, after)
    case .type(let before, let after, let rounded): "\(after) instead of \(before)" + Self.rounding(rounded)
    case .added(let roles): "adds " + Self.first(roles)
    case .removed(let roles): "lacks " + Self.first(roles)
    }
  }

  /// ", rank 8, on q_proj and v_proj"; with several ranks ", rank 4 on q_proj, rank 8 on v_proj".
  private static func targets(_ ranks: [Rank]) -> String {
    ranks.map { ", rank \($0.rank)\(ranks.count == 1 ? "," : "") on \(Words.list($0.roles))" }.joined()
  }

  private static func tokens(_ before: Int, _ after: Int) -> String {
    let count = abs(after - before)
    return "\(count) token\(count == 1 ? "" : "s") \(after > before ? "added" : "removed") (\(before) → \(after))"
  }

  /// The share of a change of type that is rounding; empty if it is below one hundredth or was not computed.
  private static func rounding(_ share: Double?) -> String {
    guard let share, share >= 0.01 else { return "" }
    return share == 1
      ? ", the numbers being each other's rounded" : ", \(Words.percent(share)) of the numbers being each other's rounded"
  }

  /// The first six roles.
  private static func first(_ roles: [String]) -> String {
    Words.list(Array(roles.prefix(6))) + (roles.count > 6 ? ", …" : "")
  }
}

extension TuningFact.Matrices {
  fileprivate var words: String {
    switch self {
    case .all: "all matrices"
    case .allInLayers(let outside): "all matrices in layers" + (outside.isEmpty ? "" : " and of " + Words.list(outside))
    case .roles(let roles): Words.list(roles)
    }
  }
}

extension TuningFact.Group {
  fileprivate var words: String {
    switch self {
    case .role(let role): role
    case .norms: "norms"
    case .biases: "biases"
    }
  }
}
