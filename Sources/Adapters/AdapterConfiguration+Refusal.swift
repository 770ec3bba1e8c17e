import JSON
import ReadingFacts
import TensorFiles

extension AdapterConfiguration {
  /// Whether this initialisation subtracts the initial factors from the base's weights.
  static func changesBase(_ start: String) -> Bool {
    let start = start.lowercased()
    return start.hasPrefix("pissa") || ["olora", "corda", "loftq", "lora_ga"].contains(start)
  }

  static func refusal(_ json: JSONValue, _ kind: String) -> AdapterRefusal? {
    if kind != "LORA" { return .unsupportedKind(shown(kind)) }
    return json["layer_replication"]?.elements?.isEmpty == false ? .repeatedLayers : nil
  }
}
