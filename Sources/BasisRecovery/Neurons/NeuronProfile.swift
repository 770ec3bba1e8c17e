import LinearAlgebra

/// Features of a neuron within its layer that do not depend on the residual basis, or on the order, scale or traded sign of
/// neurons.
///
/// With unit rows ĝ, û, d̂ of gate, up and down, the features are the cosines within the neuron, |ĝ·û|, |ĝ·d̂|, û·d̂ (only up and
/// down can trade a sign), and, for each of the nine pairs of one of its rows with all rows of a matrix of the layer, 32
/// quantiles of those cosines, absolute if a sign may differ. A plain MLP has û·d̂ and four such pairs. Each group of features
/// counts as one. Two profiles are compared by Euclidean distance, standardised over all profiles of both models.
///
/// A rotation of the residual basis does not change any cosine, and a quantile does not depend on the order of neurons. So equal
/// neurons have equal profiles. Cost: nine products of neurons² · width, and the sorting of all their rows of `neurons` numbers.
enum NeuronProfile {
  static let quantiles = 32

  /// The profiles of a layer's neurons, or of some of them, one row each: 291 features, 129 for a plain MLP.
  static func profiles(of layer: NeuronLayer, rows chosen: [Int]? = nil) -> Matrix {
    let n = layer.neurons
    let chosen = chosen ?? Array(0..<n)
    let (u, d) = (layer.up, layer.down)
    // Which matrices are compared, and whether signs count.
    let own: [(Matrix, Matrix, Bool)]
    let ways: [(Matrix, Matrix, Bool)]
    if let g = layer.gate {
      own = [(g, u, false), (g, d, false), (u, d, true)]
      ways = [
        (g, g, true), (g, u, false), (u, g, false), (g, d, false), (d, g, false), (u, u, false), (u, d, false), (d, u, false),
        (d, d, false),
      ]
    } else {
      own = [(u, d, true)]
      ways = [(u, u, true), (u, d, true), (d, u, true), (d, d, true)]
    }
    let features = own.count + ways.count * quantiles
    var found = Matrix(rows: chosen.count, columns: features)
    var sorter = RowSorter(count: n)
    for (k, way) in ways.enumerated() {
      var cosines = way.0.taking(chosen).timesTranspose(of: way.1)
      // Cosines within a neuron are separate features: among the others, 1 or a self-match would be the largest of every neuron.
      for (i, neuron) in chosen.enumerated() { cosines[i, neuron] = 0 }
      for i in chosen.indices {
        sorter.sort(cosines.values.span.extracting(i * n..<(i + 1) * n), absolute: !way.2)
        for q in 0..<quantiles {
          found[i, own.count + k * quantiles + q] = sorter.quantile(Double(q) / Double(quantiles - 1))
        }
      }
    }
    for (k, (x, y, isSigned)) in own.enumerated() {
      for (i, neuron) in chosen.enumerated() {
        var sum = 0.0
        for c in neuron * x.columns..<(neuron + 1) * x.columns { sum += Double(x.values[c]) * Double(y.values[c]) }
        found[i, k] = Float(isSigned ? sum : abs(sum))
      }
    }
    return found
  }

  /// Both matrices minus the mean of all their rows, with each feature scaled to a spread of one and a quantile to 1/√32: squared
  /// distances are then sums over groups of mean squares. A feature without spread becomes zero.
  static func standardise(_ x: Matrix, _ y: Matrix) -> (Matrix, Matrix) {
    precondition(x.columns == y.columns, "profiles of \(x.columns) and of \(y.columns) features")
    let features = x.columns
    let count = Double(max(x.rows + y.rows, 1))
    var (sums, squares) = ([Double](repeating: 0, count: features), [Double](repeating: 0, count: features))
    for matrix in [x, y] {
      for i in 0..<matrix.rows {
        for k in 0..<features { sums[k] += Double(matrix.values[i * features + k]) }
      }
    }
    let means = sums.map { $0 / count }
    for matrix in [x, y] {
      for i in 0..<matrix.rows {
        for k in 0..<features {
          let delta = Double(matrix.values[i * features + k]) - means[k]
          squares[k] += delta * delta
        }
      }
    }
    let own = features % quantiles
    let scales = squares.indices.map { k in
      let spread = (squares[k] / count).squareRoot()
      return spread > 1e-12 ? (k < own ? 1 : 1 / Double(quantiles).squareRoot()) / spread : 0
    }
    func scaled(_ matrix: Matrix) -> Matrix {
      var result = matrix
      for i in 0..<matrix.rows {
        for k in 0..<features {
          result.values[i * features + k] = Float((Double(matrix.values[i * features + k]) - means[k]) * scales[k])
        }
      }
      return result
    }
    return (scaled(x), scaled(y))
  }
}
