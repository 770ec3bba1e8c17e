import LinearAlgebra

/// The unit rows of some neurons, in a basis that two models share, and the matching of the neurons of two models.
struct NeuronRows: Sendable {
  /// Gate, up and down, or up and down alone.
  var matrices: [Matrix]

  /// Whether there are gates. The signs of a gate are meaningful, and so are those of a plain MLP; up and down of a gated MLP may
  /// have traded their signs.
  var isGated: Bool { matrices.count == 3 }
  var neurons: Int { matrices[0].rows }

  init(_ layer: NeuronLayer, isGated: Bool) {
    matrices = isGated ? [layer.gate, layer.up, layer.down].compactMap(\.self) : [layer.up, layer.down]
  }

  init(matrices: [Matrix]) { self.matrices = matrices }

  /// The rows in another basis, scaled to unit length again: rows of a wider model lose a part in the basis of a narrower one.
  func projected(by basis: Matrix) -> NeuronRows {
    NeuronRows(
      matrices: matrices.map { matrix in
        var turned = matrix.times(basis)
        turned.normaliseRows()
        return turned
      })
  }

  func taking(_ rows: [Int]) -> NeuronRows { NeuronRows(matrices: matrices.map { $0.taking(rows) }) }

  /// Whether the matrix of this index is compared without its sign.
  func isUnsigned(_ matrix: Int) -> Bool { isGated && matrix > 0 }

  /// Cosines of these neurons (the candidate's) with `other` (the foundation's): one matrix for each of gate, up and down.
  func cosines(with other: NeuronRows) -> [Matrix] {
    zip(matrices, other.matrices).map { $0.timesTranspose(of: $1) }
  }

  /// For every neuron its partner if all matrices give the same one, else −1. The chance is 1 / neurons for each matrix beyond
  /// the first.
  func agreeing(_ cosines: [Matrix]) -> [Int] {
    MutualMatches.agreeing(cosines.indices.map { MutualMatches(scores: cosines[$0], absolute: isUnsigned($0)) })
  }

  /// The sum of the cosines of all matrices, without their signs if these may have been traded.
  func total(_ cosines: [Matrix]) -> Matrix {
    var total = cosines[0]
    for (k, matrix) in cosines.enumerated().dropFirst() {
      let isUnsigned = self.isUnsigned(k)
      for i in total.values.indices { total.values[i] += isUnsigned ? abs(matrix.values[i]) : matrix.values[i] }
    }
    return total
  }
}
