/// What the matrices of one role have in common over the layers of a model, place by place: the mean of some adjacent layers.
///
/// What a layer has of its own is left in the mean with one part of its energy in as many as there are layers. Adjacent layers are taken
/// because layers that were repeated stand at a distance, and are no evidence of a start.
struct CommonMatrix: Sendable {
  /// Layers of a mean: an eighth of a layer's own energy is left in it.
  static let mostLayers = 8
  private static let mostRows = 32
  private static let mostColumns = 1 << 12
  /// The share of energy that rounding to 8 bits of mantissa changes, times ten: layers that differ by less are one layer.
  private static let rounding = 1e-5

  private let layers: [MatrixRows]
  /// What brings each layer to the same size, divided by the number of layers.
  private let factors: [Float]
  /// Sampled numbers of the mean.
  private let mean: [Float]
  /// Whether the layers are equal up to rounding: they are one layer then, stored several times.
  let areEqual: Bool

  /// The mean of `layers`, which have one shape; nil for fewer than two, or if one is zero or not finite where it was sampled.
  /// Cost: reads 32 rows of each.
  init?(_ layers: [MatrixRows]) {
    let samples = layers.map(Self.sample)
    let squares = samples.map { Self.product($0, $0) }
    guard layers.count > 1, squares.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let factors = squares.map { Float((Double(samples[0].count) / $0).squareRoot() / Double(layers.count)) }
    var mean = [Float](repeating: 0, count: samples[0].count)
    for (sample, factor) in zip(samples, factors) {
      for k in mean.indices { mean[k] += factor * sample[k] }
    }
    let energy = Self.product(mean, mean)
    areEqual = zip(samples, squares).allSatisfy { sample, square in
      let product = Self.product(sample, mean)
      return square - product * product / energy <= Self.rounding * square
    }
    (self.layers, self.factors, self.mean) = (layers, factors, mean)
  }

  /// `matrix`, which has the shape of these layers, without the multiple of the mean that is nearest to it; unchanged if the layers are
  /// equal. Each read reads as many rows of the layers. Cost: reads 32 rows at once.
  func removed(from matrix: MatrixRows) -> MatrixRows {
    let part = Self.product(Self.sample(matrix), mean) / Self.product(mean, mean)
    guard part.isFinite, !areEqual else { return matrix }
    let (layers, weights) = (self.layers, factors.map { $0 * Float(part) })
    return MatrixRows(
      rows: matrix.rows, columns: matrix.columns,
      release: {
        matrix.release()
        for layer in layers { layer.release() }
      },
      plan: { rows, columns in matrix.plan(rows, columns) + layers.flatMap { $0.plan(rows, columns) } }
    ) { rows, columns in
      var values = matrix.read(rows, columns)
      for (layer, weight) in zip(layers, weights) {
        for (k, value) in layer.read(rows, columns).enumerated() { values[k] -= weight * value }
      }
      return values
    }
  }

  /// The variance of a sum over layers, as a multiple of that of independent ones. What is left of k layers without their mean adds up to
  /// zero, which correlates cosines of two layers by 1 / (k − 1)².
  static func dependence(layers: Int) -> Double {
    let count = Double(max(2, min(mostLayers, layers)))
    return count / (count - 1)
  }

  /// The first columns of evenly spaced rows.
  private static func sample(_ matrix: MatrixRows) -> [Float] {
    let count = min(mostRows, matrix.rows)
    return (0..<count).flatMap { i in
      let row = i * matrix.rows / count
      return matrix.read(row..<row + 1, 0..<min(mostColumns, matrix.columns))
    }
  }

  private static func product(_ x: [Float], _ y: [Float]) -> Double {
    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
