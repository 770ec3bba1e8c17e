public import ModelAnatomy
import Safetensors

extension NeuronMatrices {
  /// The MLPs of a model, by layer and expert: those whose matrices are all there and fit each other.
  public static func all(of anatomy: Anatomy) -> [NeuronMatrices] {
    var found: [NeuronMatrices] = []
    let byLayer = Dictionary(grouping: anatomy.weights.filter { $0.layer != nil }) { $0.layer ?? 0 }
    for (layer, weights) in byLayer.sorted(by: { $0.key < $1.key }) {
      for expert in Set(weights.filter { $0.role == .upProj }.map { $0.expert ?? -1 }).sorted() {
        func matrix(_ role: Role) -> Weight? {
          weights.first { $0.role == role && ($0.expert ?? -1) == expert && $0.isMatrix && $0.components == 1 }
        }
        guard let up = matrix(.upProj), let down = matrix(.downProj), down.rows == up.columns, down.columns == up.rows else {
          continue
        }
        let gate = matrix(.gateProj).flatMap { $0.rows == up.rows && $0.columns == up.columns ? $0 : nil }
        // A norm with a bias is a LayerNorm: it takes the mean of the channels away.
        let bias = anatomy.gain(of: up).map { Role(name: $0.gain.role.name + ".bias") }
        found.append(
          NeuronMatrices(
            layer: layer, expert: expert < 0 ? nil : expert, gate: gate.map { MatrixRows($0) }, up: MatrixRows(up),
            down: MatrixRows(down), gain: anatomy.gains(of: up), isCentred: weights.contains { $0.role == bias }))
      }
    }
    return found
  }
}
