extension PartSketch {
  /// The least excess of layers that are copies of one: the signs of rows with a cosine of √½, half of whose energy is common.
  private static let leastExcess = 0.5

  /// Whether two layers are copies of one layer, changed or not, as in a model that was grown in depth. Independently trained layers of
  /// one model have nothing in common in place. O(layers² · matrices of a layer), 3 ms for 32 layers.
  package var repeatsLayers: Bool {
    let layers = signLayers
    return layers.indices.contains { i in
      layers[..<i].contains { other in
        let pairs = layers[i].pairs(other)
        guard !pairs.isEmpty else { return false }
        let excess = pairs.reduce(0.0) { sum, pair in
          let cosines = SignRows.cosines(pair.own, pair.other, SignRows.all)
          return sum + cosines[0] - cosines.dropFirst().reduce(0, +) / Double(cosines.count - 1)
        }
        return excess / Double(pairs.count) >= Self.leastExcess
      }
    }
  }
}
