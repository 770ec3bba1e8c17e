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

extension NeuronSpace {
  /// The same neurons in fewer coordinates, for two models in one basis: each channel is added to one of `width` others, with a random
  /// sign. The squared error of a cosine is at most 2 / `width` (the count sketch of Charikar, Chen and Farach-Colton, 2002).
  func folded(to width: Int, seed: UInt64) -> NeuronSpace {
    var random = SplitMix(seed: seed)
    let signs = (0..<self.width).map { _ in random.sign() }
    func folded(_ rows: NeuronRows) -> NeuronRows {
      NeuronRows(
        matrices: rows.matrices.map { matrix in
          var sums = Matrix(rows: matrix.rows, columns: width)
          for row in 0..<matrix.rows {
            for start in stride(from: 0, to: signs.count, by: width) {
              for k in 0..<min(width, signs.count - start) {
                sums.values[row * width + k] += signs[start + k] * matrix.values[row * signs.count + start + k]
              }
            }
          }
          sums.normaliseRows()
          return sums
        })
    }
    return NeuronSpace(candidate: candidate.map(folded), foundation: foundation.map(folded))
  }

  /// The same neurons, the candidate's with their coordinates in a random order and with random signs.
  func shufflingCandidate(seed: UInt64) -> NeuronSpace {
    var random = SplitMix(seed: seed)
    let order = random.permutation(width)
    let signs = order.map { _ in random.sign() }
    func shuffled(_ matrix: Matrix) -> Matrix {
      var result = matrix
      for row in 0..<matrix.rows {
        for (place, channel) in order.enumerated() {
          result.values[row * order.count + place] = signs[place] * matrix.values[row * order.count + channel]
        }
      }
      return result
    }
    var space = self
    space.candidate = candidate.map { NeuronRows(matrices: $0.matrices.map(shuffled)) }
    return space
  }
}
