import Safetensors

/// What an adapter's `adapter_config.json` says of it.
///
/// Ranks are read off the factors; the config is needed for what shapes cannot tell: alpha, the kind of scaling, the orientation of the
/// base's matrices, and where the base is.
///
/// Source: PEFT 0.21.2, `LoraConfig` (FORMAT.md 3).
public struct AdapterConfiguration: Sendable {
  /// `LORA` for what is understood here; another word for another kind of adapter.
  public var kind = "LORA"
  /// Where its base is, as its writer had it: a path or the name of a repository.
  public var base: String?
  /// Modules that it changes, by the ends of their names; empty when the config lists none.
  public var targets: [String] = []
  /// Whether a change is divided by the root of the rank and not by the rank (rsLoRA).
  public var usesRankStabilisedScaling = false
  /// Whether rows have magnitudes of their own (DoRA).
  public var usesMagnitudes = false
  /// What is unusual in it, a line each.
  public var warnings: [String] = []
  /// Whether base matrices are stored `[in, out]`.
  var isTransposed = false
  private var alpha: Double?
  private var alphas: [(pattern: ModulePattern, alpha: Double)] = []

  /// The config of the adapter in `checkpoint`'s folder; PEFT's defaults, with a warning, when it cannot be read.
  init(beside checkpoint: Checkpoint) {
    self.init(checkpoint.companion("adapter_config.json") ?? .null)
  }

  init(_ json: JSONValue) {
    kind = json["peft_type"]?.string ?? "LORA"
    base = json["base_model_name_or_path"]?.string
    if let list = json["target_modules"]?.elements {
      targets = list.compactMap(\.string).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } else if let pattern = json["target_modules"]?.string {
      targets = [pattern]
    }
    usesRankStabilisedScaling = json["use_rslora"]?.bool ?? false
    usesMagnitudes = json["use_dora"]?.bool ?? false
    isTransposed = json["fan_in_fan_out"]?.bool ?? false
    alpha = json["lora_alpha"]?.double
    if alpha == nil {
      warnings.append("adapter_config.json is missing or has no lora_alpha: a change is taken with the factor 1")
    }
    for member in json["alpha_pattern"]?.members ?? [] {
      guard let value = member.value.double else { continue }
      if let pattern = ModulePattern(member.key) {
        alphas.append((pattern, value))
      } else {
        warnings.append("alpha_pattern \"\(member.key)\" is not understood: lora_alpha is taken where it would apply")
      }
    }
  }

  /// What B·A is multiplied by for a module of this name whose factors have this rank.
  func scale(of module: String, rank: Int) -> Double {
    guard let alpha = alphas.first(where: { $0.pattern.matches(module) })?.alpha ?? alpha, rank > 0 else { return 1 }
    return alpha / (usesRankStabilisedScaling ? Double(rank).squareRoot() : Double(rank))
  }
}
