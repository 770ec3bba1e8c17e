import JSON
import TensorFiles

extension AdapterConfiguration {
  /// Ways to begin that leave the base without what the factors begin with.
  static func changesBase(_ start: String) -> Bool {
    let start = start.lowercased()
    return start.hasPrefix("pissa") || ["olora", "corda", "loftq", "lora_ga"].contains(start)
  }

  static func refusal(_ json: JSONValue, _ kind: String) -> String? {
    if kind != "LORA" {
      return
        "an adapter of kind \(shown(kind)) is not understood; merge it into its base (PEFT: merge_and_unload) and compare the result"
    }
    if json["layer_replication"]?.elements?.isEmpty == false {
      return
        "the adapter is for a base whose layers were repeated (layer_replication); merge it (PEFT: merge_and_unload) and compare the result"
    }
    return nil
  }
}
