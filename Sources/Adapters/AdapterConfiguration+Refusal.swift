import JSON
import TensorFiles

extension AdapterConfiguration {
  /// Whether this initialisation subtracts the initial factors from the base's weights.
  static func changesBase(_ start: String) -> Bool {
    let start = start.lowercased()
    return start.hasPrefix("pissa") || ["olora", "corda", "loftq", "lora_ga"].contains(start)
  }

  static func refusal(_ json: JSONValue, _ kind: String) -> String? {
    if kind != "LORA" {
      return
        "adapters of kind \(shown(kind)) are not supported; merge the adapter into its base (PEFT: merge_and_unload) and "
        + "compare the result"
    }
    if json["layer_replication"]?.elements?.isEmpty == false {
      return
        "the adapter belongs to a base with repeated layers (layer_replication); merge it (PEFT: merge_and_unload) and "
        + "compare the result"
    }
    return nil
  }
}
