import Checkpoints
import JSON
package import ReadingFacts
import TensorFiles

/// The content of an adapter's `adapter_config.json`.
///
/// ```swift
/// let configuration = AdapterConfiguration(beside: checkpoint)
/// configuration.scale(of: "model.layers.0.self_attn.q_proj", rank: 8)     // 2, for a lora_alpha of 16
/// ```
///
/// Ranks are read from the shapes of the factors. The config is needed for facts that shapes do not show: alpha, the kind of
/// scaling, the orientation of square matrices, which parameters are changed where a module has several, and where the base is.
///
/// Source: PEFT 0.21.2, `LoraConfig`.
package struct AdapterConfiguration: Sendable {
  /// `LORA` for supported adapters; a different value for other kinds.
  package let kind: String
  /// The base as the config names it: a path or the name of a repository.
  package let base: String?
  /// Modules that it changes, by the ends of their names; empty when the config lists none.
  package let targets: [String]
  /// Whether a change is divided by the square root of the rank instead of the rank (rsLoRA).
  package let usesRankStabilisedScaling: Bool
  /// Whether outputs have separate magnitudes (DoRA).
  package let usesMagnitudes: Bool
  /// The factor of the change, before the division by the rank; nil when no finite number is given.
  package let alpha: Double?
  /// Unusual properties of the config.
  package let warnings: [AdapterFact]
  /// Why the changes cannot be applied at all; nil when they can, as far as the config tells.
  package let refusal: AdapterRefusal?

  /// Whether square base matrices are stored `[in, out]`.
  let isTransposed: Bool
  /// Parameters that are changed without being a module's `weight`, by the ends of their names, in the config's order.
  let parameters: [String]
  /// Rows of token tables that are replaced. `module` is the end of the module's name (nil: any module).
  let tokens: [(module: String?, rows: [Int])]
  private let rank: Int?
  private let alphas: [PatternedNumber]
  private let ranks: [PatternedNumber]

  private struct PatternedNumber: Sendable {
    var pattern: ModulePattern
    var value: Double
  }

  /// The config of the adapter in `checkpoint`'s folder; PEFT's defaults, with a warning, when it cannot be read.
  init(beside checkpoint: Checkpoint) {
    self.init(checkpoint.configuration[.adapter] ?? .null)
  }

  init(_ json: JSONValue) {
    let kind = (json["peft_type"]?.string ?? "LORA").uppercased()
    self.kind = kind
    base = json["base_model_name_or_path"]?.string
    targets = Self.strings(json["target_modules"]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    parameters = Self.strings(json["target_parameters"])
    usesRankStabilisedScaling = json["use_rslora"]?.bool ?? false
    usesMagnitudes = json["use_dora"]?.bool ?? false
    isTransposed = json["fan_in_fan_out"]?.bool ?? false
    rank = json["r"]?.integer
    tokens = Self.tokens(json["trainable_token_indices"] ?? .null)
    var warnings: [AdapterFact] = []
    (alpha, alphas, ranks) = (
      Self.alpha(json, &warnings), Self.patterned(json, .alphas, &warnings),
      Self.patterned(json, .ranks, &warnings)
    )
    if let start = json["init_lora_weights"]?.string, Self.changesBase(start) {
      warnings.append(.changesBase(initialisation: Self.shown(start)))
    }
    self.warnings = warnings
    refusal = Self.refusal(json, kind)
  }

  /// The factor of B·A for the module of this name and for factors of this rank. For a parameter that is no module's `weight`,
  /// the name is that of the parameter.
  func scale(of module: String, rank: Int) -> Double {
    guard let alpha = alphas.first(where: { $0.pattern.matches(module) })?.value ?? alpha, rank > 0 else { return 1 }
    return alpha / (usesRankStabilisedScaling ? Double(rank).squareRoot() : Double(rank))
  }

  /// Whether some modules have a separate alpha.
  var hasPatternedAlphas: Bool { !alphas.isEmpty }

  /// The rank that the config gives for this module; nil when it gives none.
  func rank(of module: String) -> Int? {
    ranks.first { $0.pattern.matches(module) }.flatMap { Int(exactly: $0.value) } ?? rank
  }

  private static func strings(_ json: JSONValue?) -> [String] {
    if let list = json?.elements { return list.compactMap(\.string) }
    return json?.string.map { [$0] } ?? []
  }

  private static func alpha(_ json: JSONValue, _ warnings: inout [AdapterFact]) -> Double? {
    if case .null = json {
      warnings.append(.noConfiguration)
      return nil
    }
    guard let number = json["lora_alpha"], !number.isNull else {
      warnings.append(.noAlpha)
      return 8
    }
    if let alpha = number.double, isUsable(alpha) { return alpha }
    warnings.append(.alphaNotFinite)
    return nil
  }

  /// Numbers by patterns, in the order in which they are tried: the first pattern that matches is used.
  private static func patterned(
    _ json: JSONValue, _ list: AdapterFact.PatternList, _ warnings: inout [AdapterFact]
  ) -> [PatternedNumber] {
    var found: [PatternedNumber] = []
    for member in json[list.rawValue]?.members ?? [] {
      guard let value = member.value.double, isUsable(value) else {
        warnings.append(.valueNotFinite(list, pattern: Self.shown(member.key)))
        continue
      }
      guard let pattern = ModulePattern(member.key) else {
        warnings.append(.patternNotSupported(list, pattern: Self.shown(member.key)))
        continue
      }
      found.append(PatternedNumber(pattern: pattern, value: value))
    }
    return found
  }

  /// The beginning of a text from the file, on one line. A single character may be a megabyte of combining marks.
  static func shown(_ text: String) -> String {
    TensorName(String(String.UnicodeScalarView(text.unicodeScalars.prefix(80)))).description
  }

  /// Whether the number is finite in f32, the type of the weights.
  private static func isUsable(_ number: Double) -> Bool { Float(number).isFinite }

  private static func tokens(_ json: JSONValue) -> [(module: String?, rows: [Int])] {
    func rows(_ json: JSONValue) -> [Int] { json.elements?.map { $0.integer ?? -1 } ?? [] }
    if json.elements != nil { return [(nil, rows(json))] }
    return json.members.map { ($0.key, rows($0.value)) }
  }
}
