import LinearAlgebra
package import ModelAnatomy
import TensorFiles
package import Threads
package import WeightSimilarity

extension NeuronMatrices {
  /// The MLPs of a model, by layer and expert: those that have all matrices, with matching shapes. Mixers whose channels are neurons,
  /// too, follow the MLPs of their layer; see ``NeuronRoles``. `start`: what all layers
  /// have in common, which is taken out of each.
  package static func all(of anatomy: Anatomy, without start: CommonStart? = nil) -> [NeuronMatrices] {
    let index = WeightIndex(anatomy)
    var found: [NeuronMatrices] = []
    let byLayer = Dictionary(grouping: anatomy.weights.filter { $0.layer != nil }) { $0.layer ?? 0 }
    for (layer, weights) in byLayer.sorted(by: { $0.key < $1.key }) {
      for kind in NeuronRoles.inLayer(Set(weights.map(\.role))) {
        found += units(of: kind, weights, anatomy, index, layer: layer, start)
      }
    }
    return found
  }

  /// The units of one kind in a layer, which has these weights.
  private static func units(
    of kind: NeuronRoles, _ weights: [Weight], _ anatomy: Anatomy, _ index: WeightIndex, layer: Int, _ start: CommonStart?
  ) -> [NeuronMatrices] {
    func rows(_ weight: Weight) -> MatrixRows { start?.removed(from: weight) ?? MatrixRows(weight) }
    let roles = Set(weights.map(\.role))
    // All experts of a layer read one norm: its gain is read and kept once.
    var gains: [TensorName: [Float]] = [:]
    let experts = Set(weights.filter { $0.role == kind.up }.map(\.expert)).sorted { ($0 ?? -1) < ($1 ?? -1) }
    return experts.compactMap { expert in
      func matrix(_ role: Role) -> Weight? {
        index.first(role, layer: layer, expert: expert) { $0.isMatrix && $0.components == 1 }
      }
      guard let up = matrix(kind.up), let down = matrix(kind.down), down.rows == up.columns, down.columns == up.rows else {
        return nil
      }
      let stored = kind.gate.flatMap(matrix).map(rows) ?? MatrixRows(productOf: kind.gateFactors.compactMap(matrix))
      let gate = stored.flatMap { $0.rows == up.rows && $0.columns == up.columns ? $0 : nil }
      guard gate != nil || kind.isMLP else { return nil }
      let norm = anatomy.gain(of: up)?.gain
      let gain = norm.flatMap { gains[$0.tensor.name] } ?? anatomy.gains(of: up)
      if let norm { gains[norm.tensor.name] = gain }
      // A norm with a bias is a LayerNorm: it subtracts the mean of the channels.
      let bias = norm.map { Role(name: $0.role.name + ".bias") }
      return NeuronMatrices(
        layer: layer, expert: expert, roles: kind, gate: gate, up: rows(up), down: rows(down),
        gain: gain, isCentred: bias.map(roles.contains) ?? false)
    }
  }

  /// These MLPs, but only the first `most` experts of each layer.
  static func first(_ most: Int, of units: [NeuronMatrices]) -> [NeuronMatrices] {
    chosen(most, of: units) { indices in indices.map { _ in 0 } }
  }

  /// These MLPs, but only the `most` largest experts of each layer (`NeuronLayer.size`). These are the same experts in a copy,
  /// for any order of its experts and neurons, any basis and any router. Cost: one read of the gates of layers with more experts.
  package static func largest(_ most: Int, of units: [NeuronMatrices], workers: Workers) -> [NeuronMatrices] {
    chosen(most, of: units) { indices in
      workers.map(indices.count) { workers.isCancelled ? 0 : NeuronLayer.size(of: units[indices[$0]]) }
    }
  }

  /// For each layer the `most` largest experts; ties go to the first. `sizes` gives the sizes of the experts of layers with more,
  /// by their indices.
  private static func chosen(
    _ most: Int, of units: [NeuronMatrices], sizes: (_ indices: [Int]) -> [Double]
  ) -> [NeuronMatrices] {
    let layers = Dictionary(grouping: units.indices.filter { units[$0].expert != nil }) { units[$0].layer }
      .values.filter { $0.count > most }
    if layers.isEmpty { return units }
    let indices = layers.flatMap(\.self).sorted()
    let size = Dictionary(uniqueKeysWithValues: zip(indices, sizes(indices)))
    let dropped = Set(
      layers.flatMap { layer in
        layer.sorted { (size[$1, default: 0], $0) < (size[$0, default: 0], $1) }.dropFirst(most)
      })
    return units.indices.filter { !dropped.contains($0) }.map { units[$0] }
  }
}

extension MatrixRows {
  /// The product of two factors, `[rows, rank]` and `[rank, columns]`; nil for anything else. Each read reads as many rows of the left
  /// factor, and the whole of the right one.
  fileprivate init?(productOf factors: [Weight]) {
    guard factors.count == 2, factors[0].columns == factors[1].rows else { return nil }
    let (left, right) = (MatrixRows(factors[0]), MatrixRows(factors[1]))
    self.init(
      rows: left.rows, columns: right.columns,
      release: {
        left.release()
        right.release()
      },
      plan: { left.plan($0, 0..<left.columns) + right.plan(0..<right.rows, $1) }
    ) { rows, columns in
      let first = Matrix(rows: rows.count, columns: left.columns, values: left.read(rows, 0..<left.columns))
      return first.times(Matrix(rows: right.rows, columns: columns.count, values: right.read(0..<right.rows, columns))).values
    }
  }
}
