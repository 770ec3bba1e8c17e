import WeightSimilarity

/// What was done to a model's weights without training, in the words of the reports.
enum Rewrite {
  /// Everything that was found to have been done.
  static func all(_ similarity: InPlaceSimilarity, _ neurons: NeuronSearch) -> [String] {
    similarity.rewrites + (similarity.order.map(moves) ?? [])
  }

  /// How layers were moved, from where each comes from.
  static func moves(_ order: LayerOrder) -> [String] {
    let origins = order.origins.sorted { $0.key < $1.key }.map(\.value)
    guard order.isMoved, let last = origins.max() else { return [] }
    var found: [String] = []
    let used = Set(origins)
    if (0...last).contains(where: { !used.contains($0) }) { found.append("layers dropped") }
    if used.count < origins.count { found.append("layers repeated") }
    // A repeated block begins again at a lower layer; only without repeats does a step down mean another order.
    if used.count == origins.count, zip(origins, origins.dropFirst()).contains(where: { $0 > $1 }) {
      found.append("layers reordered")
    }
    return found
  }
}
