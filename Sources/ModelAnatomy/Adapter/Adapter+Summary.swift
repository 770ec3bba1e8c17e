import TensorFiles

extension Adapter {
  /// What it is, in the words of reports: `LoRA rank 4 on q_proj, v_proj, not merged`.
  public var summary: String { words(withScale: false) }

  /// As ``summary``, with what changes are multiplied by: `LoRA rank 4 (alpha 8, scale 2) on q_proj, v_proj, not merged`.
  public var details: String { words(withScale: true) }

  /// How many modules or parameters have a change of each rank; of a stack of experts the rank of one, as far as the config tells it.
  public var ranks: [Int: Int] { units.reduce(into: [:]) { $0[$1.rank, default: 0] += 1 } }

  /// The factors that changes are multiplied by, ascending, each once.
  public var scales: [Double] { Set(units.map { configuration.scale(of: $0.name, rank: $0.rank) }).sorted() }

  /// The last parts of the names of the modules or parameters that have a change of low rank, each once: what was really changed,
  /// whatever the config's targets.
  public var targets: [String] { Self.sorted(units.map { Self.lastPart(of: $0.name) }) }

  /// Names of whole tensors that replace the base's; not those below a change of low rank, which are the base's own.
  public var replaced: [String] {
    wholes.keys.filter { !$0.hasSuffix(".weight") || modules[String($0.dropLast(".weight".utf8.count))] == nil }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// One change of low rank: its module's name (or its parameter's, where that is no module's `weight`), and its rank.
  private var units: [(name: String, rank: Int)] {
    modules.flatMap { module, changes in
      let listed = configuration.parameterNames(below: module)
      let common = AdapterConfiguration.commonParameters.filter { $0 == "gate_up_proj" || $0 == "down_proj" }
      let names =
        listed.count == changes.count ? listed : changes.count == 2 && listed.isEmpty ? common.map { "\(module).\($0)" } : []
      return changes.enumerated().map { level, change in
        guard level < names.count else { return (module, change.width) }
        // Factors of all experts lie in one tensor, and only the config knows how many there are.
        let rank = configuration.rank(of: names[level])
        return (names[level], rank.map { $0 > 0 && change.width % $0 == 0 ? $0 : change.width } ?? change.width)
      }
    }
  }

  private func words(withScale: Bool) -> String {
    if configuration.refusal != nil { return "\(configuration.kind.prefix(40)) adapter, not understood" }
    var parts: [String] = []
    if !modules.isEmpty {
      let scale = withScale ? scaleWords : ""
      parts.append(
        "\(kindWords) rank \(Self.range(ranks.keys.map { Double($0) }))\(scale) on \(targets.joined(separator: ", ")), not merged"
      )
    }
    let wholes = Self.sorted(replaced.map(Self.lastPart))
    if !wholes.isEmpty { parts.append("whole tensors: \(wholes.joined(separator: ", "))") }
    for (module, tensor) in tokens.sorted(by: { $0.key < $1.key }) {
      parts.append("\(tensor.shape[0]) rows of \(Self.lastPart(of: module))")
    }
    return parts.isEmpty ? "adapter without a change" : parts.joined(separator: "; ")
  }

  private var kindWords: String {
    let hasMagnitudes = modules.values.joined().contains { $0.magnitudes != nil }
    switch (configuration.usesRankStabilisedScaling, hasMagnitudes) {
    case (false, false): return "LoRA"
    case (true, false): return "rsLoRA"
    case (false, true): return "DoRA"
    case (true, true): return "rank-stabilised DoRA"
    }
  }

  private var scaleWords: String {
    let scale = "scale \(Self.range(scales))"
    guard let alpha = configuration.alpha, !configuration.hasPatternedAlphas else { return " (\(scale))" }
    return " (alpha \(Self.range([alpha])), \(scale))"
  }

  /// `4`, or `4–16`; to four digits behind the point.
  private static func range(_ numbers: [Double]) -> String {
    func text(_ number: Double) -> String {
      let rounded = (number * 10_000).rounded() / 10_000
      let text = "\(rounded.isFinite ? rounded : number)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    guard let least = numbers.min(), let most = numbers.max() else { return "–" }
    return least == most ? text(least) : "\(text(least))–\(text(most))"
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
