extension PartSketch {
  /// The least excess of layers that are copies of one: the signs of rows with a cosine of √½, half of whose energy is common.
  private static let leastExcess = 0.5

  /// Whether two layers are copies of one layer, changed or not, as in a model that was grown in depth. Independently trained layers of
  /// one model have nothing in common in place. O(layers² · matrices of a layer), a millisecond for 32 layers.
  package var repeatsLayers: Bool {
    let pairing = SignPairing(self, self)
    return pairing.ownNumbers.indices.contains { i in
      (0..<i).contains { other in
        guard let cosines = pairing.cosines(i, other, .all)?.values else { return false }
        return cosines[0] - cosines.dropFirst().reduce(0, +) / Double(cosines.count - 1) >= Self.leastExcess
      }
    }
  }
}
