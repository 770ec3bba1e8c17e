import WeightSimilarity

/// The layers that were taken over into a candidate that is known to be related. Each layer has its row-shift test.
struct LayerKinship {
  /// Layers whose rows are alike beyond chance.
  let kin: Set<Int>
  /// Layers whose rows are not alike, although the test would have seen a likeness such as the other layers have.
  let foreign: Set<Int>

  init(_ similarity: InPlaceSimilarity) {
    let tested = similarity.layers.compactMap { layer in layer.rowShift.map { (layer: layer.layer, test: $0) } }
    let kin = tested.filter {
      $0.test.log10P <= Verdict.Rule.log10LayerSignificance && $0.test.excess >= Verdict.Rule.leastExcess
    }
    let names = Set(kin.map(\.layer))
    let excesses = kin.map(\.test.excess).sorted()
    self.kin = names
    foreign = Set(
      tested.filter { layer in
        guard !names.contains(layer.layer), !excesses.isEmpty else { return false }
        return excesses[excesses.count / 2] - layer.test.excess >= Verdict.Rule.deviationsOfAbsence * layer.test.nullSD
      }.map(\.layer))
  }
}
