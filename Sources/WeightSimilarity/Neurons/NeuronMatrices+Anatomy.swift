public import ModelAnatomy
import Safetensors

extension NeuronMatrices {
  /// The MLPs of a model, by layer and expert: those whose matrices are all there and fit each other.
  public static func all(of anatomy: Anatomy) -> [NeuronMatrices] {
    var found: [NeuronMatrices] = []
    let byLayer = Dictionary(grouping: anatomy.weights.filter { $0.layer != nil }) { $0.layer ?? 0 }
    for (layer, weights) in byLayer.sorted(by: { $0.key < $1.key }) {
      // The norm that the MLP reads: with a norm on either side of attention and MLP it has a name of its own.
      let norm =
        weights.first { $0.role == Role(name: "pre_feedforward_norm") } ?? weights.first { $0.role == .postAttentionNorm }
      for expert in Set(weights.filter { $0.role == .upProj }.map { $0.expert ?? -1 }).sorted() {
        func matrix(_ role: Role) -> MatrixRows? {
          weights.first { $0.role == role && ($0.expert ?? -1) == expert && $0.isMatrix }
            .map { MatrixRows($0) }
        }
        guard let up = matrix(.upProj), let down = matrix(.downProj), down.rows == up.columns, down.columns == up.rows else {
          continue
        }
        let gate = matrix(.gateProj).flatMap { $0.rows == up.rows && $0.columns == up.columns ? $0 : nil }
        let gain = norm.map { MatrixRows($0) }.map { $0.read(0..<1, 0..<$0.columns) }
        found.append(
          NeuronMatrices(
            layer: layer, expert: expert < 0 ? nil : expert, gate: gate, up: up, down: down,
            gain: gain.flatMap { $0.count == up.columns ? $0 : nil }))
      }
    }
    return found
  }
}
