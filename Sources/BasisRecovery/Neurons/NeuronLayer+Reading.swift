import LinearAlgebra
import WeightSimilarity

extension NeuronLayer {
  /// Rows that are in memory at once while norms are computed.
  private static let block = 64

  /// Reads at most `most` neurons. Cost: one read of all matrices, and another of the chosen rows if not all are kept.
  init(_ source: NeuronMatrices, most: Int) {
    let chosen: [Int]
    if source.neurons <= most {
      chosen = Array(0..<source.neurons)
    } else {
      let products = Self.normProducts(of: source)
      chosen = (0..<source.neurons).sorted { (products[$0], $1) > (products[$1], $0) }.prefix(most).sorted()
    }
    var gate = source.gate.map { Self.rows(of: $0, chosen, source) }
    var up = Self.rows(of: source.up, chosen, source)
    var down = Self.columns(of: source.down, chosen, isCentred: source.isCentred)
    for matrix in [source.gate, source.up, source.down].compactMap(\.self) { matrix.release() }
    gateNorms = gate?.normaliseRows()
    upNorms = up.normaliseRows()
    downNorms = down.normaliseRows()
    (layer, expert) = (source.layer, source.expert)
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
    let total = rowSquares(of: gate, source).reduce(0, +)
    gate.release()
    return total.isFinite ? total : 0
  }

  /// ‖row‖² of every row of gate or up, with the gain.
  private static func rowSquares(of matrix: MatrixRows, _ source: NeuronMatrices) -> [Double] {
    stride(from: 0, to: matrix.rows, by: block).flatMap { start in
      let rows = start..<min(start + block, matrix.rows)
      let values = folded(matrix.read(rows, 0..<matrix.columns), source)
      return (0..<rows.count).map {
        sumAndSquares(values.span.extracting($0 * matrix.columns..<($0 + 1) * matrix.columns)).squares
      }
    }
  }

  /// ‖up‖²·‖down‖²·‖gate‖² of every neuron; 0 for one that has a row of zeros or of numbers that are not finite.
  private static func normProducts(of source: NeuronMatrices) -> [Double] {
    var products = rowSquares(of: source.up, source)
    if let gate = source.gate { products = zip(products, rowSquares(of: gate, source)).map { $0 * $1 } }
    var squares = [Double](repeating: 0, count: source.neurons)
    for start in stride(from: 0, to: source.down.rows, by: block) {
      let rows = start..<min(start + block, source.down.rows)
      let values = source.down.read(rows, 0..<source.neurons)
      for k in 0..<rows.count {
        for neuron in 0..<source.neurons {
          let value = Double(values[k * source.neurons + neuron])
          squares[neuron] += value * value
        }
      }
    }
    return zip(products, squares).map { $0 * $1 }.map { $0.isFinite ? $0 : 0 }
  }

  private static func rows(of matrix: MatrixRows, _ chosen: [Int], _ source: NeuronMatrices) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(chosen.count * matrix.columns)
    var next = 0
    while next < chosen.count {
      // Consecutive rows are read together.
      var end = next + 1
      while end < chosen.count, chosen[end] == chosen[end - 1] + 1, end - next < block { end += 1 }
      values += folded(matrix.read(chosen[next]..<chosen[end - 1] + 1, 0..<matrix.columns), source)
      next = end
    }
    return Matrix(rows: chosen.count, columns: matrix.columns, values: values)
  }

  private static func columns(of matrix: MatrixRows, _ chosen: [Int], isCentred: Bool) -> Matrix {
    var found = Matrix(rows: chosen.count, columns: matrix.rows)
    for start in stride(from: 0, to: matrix.rows, by: block) {
      let rows = start..<min(start + block, matrix.rows)
      let values = matrix.read(rows, 0..<matrix.columns)
      for (i, neuron) in chosen.enumerated() {
        for k in 0..<rows.count { found.values[i * matrix.rows + start + k] = values[k * matrix.columns + neuron] }
      }
    }
    if isCentred { centre(&found.values, columns: matrix.rows) }
    return found
  }

  /// Rows times the gain, minus their mean if the norm subtracts it.
  private static func folded(_ values: [Float], _ source: NeuronMatrices) -> [Float] {
    guard source.gain != nil || source.isCentred else { return values }
    var values = values
    let width = source.width
    if let gain = source.gain {
      for start in stride(from: 0, to: values.count, by: width) {
        for k in 0..<width { values[start + k] *= gain[k] }
      }
    }
    if source.isCentred { centre(&values, columns: width) }
    return values
  }

  private static func centre(_ values: inout [Float], columns: Int) {
    for start in stride(from: 0, to: values.count, by: columns) {
      var sum = 0.0
      for k in start..<start + columns { sum += Double(values[k]) }
      let mean = Float(sum / Double(columns))
      for k in start..<start + columns { values[k] -= mean }
    }
  }
}
