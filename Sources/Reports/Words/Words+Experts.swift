extension Words {
  /// Groups of layers that are listed; more are counted.
  private static let mostGroups = 3

  /// Experts by their layers: "expert 0 in layers 0–5"; where they differ from layer to layer, "31 experts in layers 0–47".
  static func experts(_ byLayer: [Int: [Int]]) -> String {
    let layers = byLayer.keys.sorted()
    let groups = Dictionary(grouping: layers) { byLayer[$0] ?? [] }.sorted { $0.value[0] < $1.value[0] }
    guard groups.count <= mostGroups else {
      return "\(byLayer.values.reduce(0) { $0 + $1.count }) experts in \(numbered("layer", layers))"
    }
    return groups.map { "\(numbered("expert", $0.key)) in \(numbered("layer", $0.value))" }.joined(separator: ", ")
  }

  /// "layer 3", "layers 0–5".
  private static func numbered(_ noun: String, _ numbers: [Int]) -> String {
    "\(noun)\(numbers.count == 1 ? "" : "s") \(ranges(numbers))"
  }
}
