import TensorFiles

extension Adapter {
  /// The summary of its changes. For an unsupported adapter it contains only the kind.
  package var summary: AdapterSummary {
    if configuration.refusal != nil { return AdapterSummary(unsupportedKind: String(configuration.kind.prefix(40))) }
    return AdapterSummary(
      method: method, ranks: Self.range(ranks.keys), targets: targets,
      alpha: configuration.hasPatternedAlphas ? nil : configuration.alpha, scales: Self.range(scales),
      wholeTensors: Self.sorted(replaced.map(Self.lastPart)),
      tokenRows: tokens.sorted { $0.key < $1.key }.map { .init(rows: Int(clamping: $1.shape[0]), module: Self.lastPart(of: $0)) })
  }

  /// The number of modules or parameters for each rank. For a stack of experts it is the rank of one expert, if the config gives
  /// it.
  package var ranks: [Int: Int] { units.reduce(into: [:]) { $0[$1.rank, default: 0] += 1 } }

  /// The factors that changes are multiplied by, ascending, each once.
  package var scales: [Double] { Set(units.map { configuration.scale(of: $0.name, rank: $0.rank) }).sorted() }

  /// The last parts of the names of the modules or parameters that have a low-rank change, each once. They are the actual
  /// changes, which may differ from the config's targets.
  package var targets: [String] { Self.sorted(units.map { Self.lastPart(of: $0.name) }) }

  /// Names of whole tensors that replace the base's tensors. Those below a low-rank change are excluded, because they belong to
  /// the base.
  package var replaced: [String] {
    wholeTensors.keys.filter { !$0.hasSuffix(".weight") || modules[String($0.dropLast(".weight".utf8.count))] == nil }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The low-rank changes: for each the name of its module (or of its parameter, if that is no module's `weight`) and its rank.
  private var units: [(name: String, rank: Int)] {
    modules.flatMap { module, changes in
      let listed = configuration.parameterNames(below: module)
      let common = AdapterConfiguration.commonParameters.filter { $0 == "gate_up_proj" || $0 == "down_proj" }
      let names =
        listed.count == changes.count ? listed : changes.count == 2 && listed.isEmpty ? common.map { "\(module).\($0)" } : []
      return changes.enumerated().map { level, change in
        guard level < names.count else { return (module, change.width) }
        // One tensor holds the factors of all experts, and only the config tells their number.
        let rank = configuration.rank(of: names[level])
        return (names[level], rank.map { $0 > 0 && change.width % $0 == 0 ? $0 : change.width } ?? change.width)
      }
    }
  }

  private var method: AdapterSummary.Method {
    let hasMagnitudes = modules.values.joined().contains { $0.magnitudes != nil }
    return switch (configuration.usesRankStabilisedScaling, hasMagnitudes) {
    case (false, false): .lora
    case (true, false): .rankStabilisedLoRA
    case (false, true): .dora
    case (true, true): .rankStabilisedDoRA
    }
  }

  private static func range<Number: Comparable>(_ numbers: some Sequence<Number>) -> ClosedRange<Number>? {
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    return least...most
  }

  /// `q_proj` of `model.layers.0.self_attn.q_proj` and of its `weight`; `q_proj.bias` of its bias.
  private static func lastPart(of name: String) -> String {
    let parts = name.split(separator: ".")
    guard let last = parts.last else { return name }
    if last == "weight", parts.count > 1 { return String(parts[parts.count - 2]) }
    return last == "bias" ? parts.suffix(2).joined(separator: ".") : String(last)
  }

  private static func sorted(_ names: [String]) -> [String] {
    Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
