import LinearAlgebra

/// The neurons of two models in the coordinates between which a basis is fitted: the residual channels, or a `NeuronFrame`.
struct NeuronSpace: Sendable {
  /// The candidate's units.
  var candidate: [NeuronRows]
  /// The foundation's units.
  var foundation: [NeuronRows]

  /// The number of elements of a candidate's row.
  var width: Int { candidate.first?.matrices[0].columns ?? 0 }
  /// The number of elements of a foundation's row.
  var foundationWidth: Int { foundation.first?.matrices[0].columns ?? 0 }

  /// The rows of pairs in candidate and foundation, of the gate (of up in a plain MLP) unless `matrix` is given.
  func rows(of pairs: [NeuronPair], _ matrix: Int = 0) -> (candidate: Matrix, foundation: Matrix) {
    func gathered(_ units: [NeuronRows], _ width: Int, _ index: (NeuronPair) -> (unit: Int, row: Int)) -> Matrix {
      var values: [Float] = []
      values.reserveCapacity(pairs.count * width)
      for pair in pairs {
        let (unit, row) = index(pair)
        values += units[unit].matrices[matrix].values[row * width..<(row + 1) * width]
      }
      return Matrix(rows: pairs.count, columns: width, values: values)
    }
    return (
      gathered(candidate, width) { ($0.unit, $0.row) }, gathered(foundation, foundationWidth) { ($0.origin, $0.originRow) }
    )
  }
}
