import LinearAlgebra
import WeightSimilarity

extension NeuronLayer {
  /// Reads at most `most` neurons. Cost: one read of all matrices, and another of the chosen rows if not all are kept.
  init(_ source: NeuronMatrices, most: Int) {
    let chosen: [Int]
    if source.neurons <= most {
      chosen = Array(0..<source.neurons)
    } else {
      let products = Self.normProducts(of: source)
      chosen = (0..<source.neurons).sorted { (products[$0], $1) > (products[$1], $0) }.prefix(most).sorted()
    }
    var gate = source.gate.map { source.rows(of: $0, chosen) }
    var up = source.rows(of: source.up, chosen)
    var down = source.downColumns(chosen)
    for matrix in [source.gate, source.up, source.down].compactMap(\.self) { matrix.release() }
    gateNorms = gate?.normaliseRows()
    upNorms = up.normaliseRows()
    downNorms = down.normaliseRows()
    (layer, expert, roles) = (source.layer, source.expert, source.roles)
    (self.gate, self.up, self.down, indices) = (gate, up, down, chosen)
  }

  /// An MLP without its neurons.
  init(empty source: NeuronMatrices) {
    let none = Matrix(rows: 0, columns: source.width)
    self.init(
      layer: source.layer, expert: source.expert, gate: source.gate.map { _ in none }, up: none, down: none, indices: [],
      upNorms: [], downNorms: [], gateNorms: source.gate.map { _ in [] })
  }

  /// The size of an MLP, for any order, basis and signs of its neurons: ‖gate‖², which cannot be traded with another matrix;
  /// without a gate the sum of ‖up‖·‖down‖ over neurons. 0 if it is not finite. Cost: one read of the gate, or of up and down.
  static func size(of source: NeuronMatrices) -> Double {
    guard let gate = source.gate else { return normProducts(of: source).reduce(0) { $0 + $1.squareRoot() } }
    let total = source.rowSquares(of: gate).reduce(0, +)
    gate.release()
    return total.isFinite ? total : 0
  }

  /// ‖up‖²·‖down‖²·‖gate‖² of every neuron; 0 for one that has a row of zeros or of numbers that are not finite.
  private static func normProducts(of source: NeuronMatrices) -> [Double] {
    var products = source.rowSquares(of: source.up)
    if let gate = source.gate { products = zip(products, source.rowSquares(of: gate)).map { $0 * $1 } }
    return zip(products, source.downSquares()).map { $0 * $1 }.map { $0.isFinite ? $0 : 0 }
  }
}
