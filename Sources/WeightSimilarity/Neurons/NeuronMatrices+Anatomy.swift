public import ModelAnatomy
import Safetensors

extension NeuronMatrices {
  /// The MLPs of a model, by layer and expert: those whose matrices are all there and fit each other; of each layer at most `experts`.
  ///
  /// Where a layer has more, those are taken whose rows of the router are longest once their mean is taken away, which neither another order
  /// of experts nor another basis changes, nor a bias for all; without a router the first ones.
  public static func all(of anatomy: Anatomy, experts most: Int = .max) -> [NeuronMatrices] {
    let places = WeightPlaces(anatomy)
    var found: [NeuronMatrices] = []
    let byLayer = Dictionary(grouping: anatomy.weights.filter { $0.layer != nil }) { $0.layer ?? 0 }
    for (layer, weights) in byLayer.sorted(by: { $0.key < $1.key }) {
      let ups = weights.filter { $0.role == .upProj }
      let experts = Set(ups.compactMap(\.expert)).sorted()
      let chosen = experts.count > most ? leading(experts, most, anatomy, places.first(.router, layer: layer)) : experts
      let roles = Set(weights.map(\.role))
      for expert in (ups.contains { $0.expert == nil } ? [nil] : []) + chosen.map(Optional.some) {
        func matrix(_ role: Role) -> Weight? {
          places.first(role, layer: layer, expert: expert) { $0.isMatrix && $0.components == 1 }
        }
        guard let up = matrix(.upProj), let down = matrix(.downProj), down.rows == up.columns, down.columns == up.rows else {
          continue
        }
        let gate = matrix(.gateProj).flatMap { $0.rows == up.rows && $0.columns == up.columns ? $0 : nil }
        // A norm with a bias is a LayerNorm: it takes the mean of the channels away.
        let bias = anatomy.gain(of: up).map { Role(name: $0.gain.role.name + ".bias") }
        found.append(
          NeuronMatrices(
            layer: layer, expert: expert, gate: gate.map { MatrixRows($0) }, up: MatrixRows(up),
            down: MatrixRows(down), gain: anatomy.gains(of: up), isCentred: bias.map(roles.contains) ?? false))
      }
    }
    return found
  }

  /// `most` of a layer's experts, ascending. Cost: one read of the router.
  private static func leading(_ experts: [Int], _ most: Int, _ anatomy: Anatomy, _ router: Weight?) -> [Int] {
    guard let router, router.isMatrix, router.components == 1, let last = experts.last, last < router.rows else {
      return Array(experts.prefix(most))
    }
    let (width, matrix) = (router.columns, MatrixRows(router))
    let gains = anatomy.gains(of: router).flatMap { $0.count == width ? $0 : nil }
    let rows = experts.map { matrix.read($0..<$0 + 1, 0..<width) }
    let means = (0..<width).map { c in rows.reduce(0) { $0 + Double($1[c]) } / Double(rows.count) }
    let squares = rows.map { row in
      let square = row.indices.reduce(0.0) {
        let value = (Double(row[$1]) - means[$1]) * Double(gains?[$1] ?? 1)
        return $0 + value * value
      }
      return square.isFinite ? square : 0
    }
    let order = experts.indices.sorted { (squares[$1], $0) < (squares[$0], $1) }
    return order.prefix(most).map { experts[$0] }.sorted()
  }
}
