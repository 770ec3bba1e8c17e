/// The matrices of one layer that have a vote.
struct SignLayer: Sendable {
  /// The layer's number; nil for a part without layers, whose matrices form one layer.
  var number: Int?
  var weights: [WeightSketch]
}

extension PartSketch {
  /// The layers with their matrices that have a vote. A part without layers has one, of all of its matrices.
  var signLayers: [SignLayer] {
    let voting = weights.filter { !$0.signs.isEmpty }
    let inLayers = voting.filter { $0.layer != nil }
    if inLayers.isEmpty { return voting.isEmpty ? [] : [SignLayer(number: nil, weights: voting)] }
    return Dictionary(grouping: inLayers) { $0.layer ?? 0 }.sorted { $0.key < $1.key }.map {
      SignLayer(number: $0.key, weights: $0.value)
    }
  }
}
