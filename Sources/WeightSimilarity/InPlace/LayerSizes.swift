import ModelAnatomy
import TensorFiles
import TensorViews

/// Parameters of the matrices in a model's layers, by the kind of test that can reach them. Token tables, which decide nothing, are
/// left out; a model without layers counts with all of its other matrices.
package struct LayerSizes: Sendable, Equatable {
  /// Queries, keys, values and outputs: what a test of attention heads reads.
  package var attention = 0
  /// Gate, up and down, of dense layers and of experts: what a test of neurons reads.
  package var mlp = 0
  /// All others, among them codes that cannot be decoded.
  package var other = 0

  package var total: Int { attention + mlp + other }

  private static let attentionRoles: Set<Role> = [.qProj, .kProj, .vProj, .oProj]
  private static let mlpRoles: Set<Role> = [.gateProj, .upProj, .downProj]

  mutating func add(_ parameters: Int, of role: Role) {
    if Self.attentionRoles.contains(role) {
      attention += parameters
    } else if Self.mlpRoles.contains(role) {
      mlp += parameters
    } else {
      other += parameters
    }
  }
}

extension Pairing {
  /// The sizes of the candidate's layers, and of what the row-shift test reads of them. O(weights).
  var layerSizes: (all: LayerSizes, inPlace: LayerSizes) {
    let hasLayers = candidate.layers > 0
    func counts(_ weight: Weight) -> Bool {
      weight.isMatrix && !weight.role.isTokenTable && (weight.layer != nil || !hasLayers)
    }
    var (all, inPlace) = (LayerSizes(), LayerSizes())
    for weight in candidate.weights where counts(weight) { all.add(weight.parameters, of: weight.role) }
    for item in candidate.skippedTensors where item.reason == .quantised { all.other += item.tensor.elementCount }
    for pair in pairs where counts(pair.candidate) && RowShiftTest.suits(pair) {
      inPlace.add(pair.candidate.parameters, of: pair.candidate.role)
    }
    return (all, inPlace)
  }
}
