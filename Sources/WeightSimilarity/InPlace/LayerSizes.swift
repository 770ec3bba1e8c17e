import ModelAnatomy
import TensorFiles
import TensorViews

/// Parameters of the matrices in a model's layers, by the kind of test that can reach them. Token tables, which decide nothing, are
/// left out; a model without layers counts with all of its other matrices.
package struct LayerSizes: Sendable, Equatable {
  /// Queries, keys, values and outputs: what a test of attention heads reads.
  package var attention = 0
  /// Gate, up and down, of dense layers and of experts, or what stands for them: what a test of neurons reads.
  package var mlp = 0
  /// All others, among them codes that cannot be decoded.
  package var other = 0

  package var total: Int { attention + mlp + other }

  private static let attentionRoles: Set<Role> = [.qProj, .kProj, .vProj, .oProj]

  /// Adds a weight; `neurons`: the kinds of neurons in its layer.
  mutating func add(_ weight: Weight, neurons: [NeuronRoles]) {
    if Self.attentionRoles.contains(weight.role) {
      attention += weight.parameters
    } else if neurons.contains(where: { $0.covers(weight.role) }) {
      mlp += weight.parameters
    } else {
      other += weight.parameters
    }
  }
}

extension Pairing {
  /// Whether both models have layers.
  var haveLayers: Bool { candidate.layers > 0 && foundation.layers > 0 }

  /// The sizes of the candidate's layers, and of what the row-shift test reads of them. O(weights).
  var layerSizes: (all: LayerSizes, inPlace: LayerSizes) {
    let hasLayers = candidate.layers > 0
    func counts(_ weight: Weight) -> Bool {
      weight.isMatrix && !weight.role.isTokenTable && (weight.layer != nil || !hasLayers)
    }
    var (all, inPlace) = (LayerSizes(), LayerSizes())
    let kinds = candidate.neuronRoles
    func add(_ weight: Weight, to sizes: inout LayerSizes) {
      sizes.add(weight, neurons: weight.layer.flatMap { kinds[$0] } ?? [])
    }
    for weight in candidate.weights where counts(weight) { add(weight, to: &all) }
    for item in candidate.skippedTensors where item.reason == .quantised { all.other += item.tensor.elementCount }
    for pair in pairs where counts(pair.candidate) && RowShiftTest.suits(pair) {
      add(pair.candidate, to: &inPlace)
    }
    return (all, inPlace)
  }
}
