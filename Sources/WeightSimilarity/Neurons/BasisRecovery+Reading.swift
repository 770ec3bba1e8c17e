import LinearAlgebra

extension BasisRecovery {
  /// Reads the neurons of two models: of each layer or expert all, or those of largest norm product that memory allows.
  ///
  /// `tokens`: the tables with a row a token, if both models have the same token in a row; their common rows are used, some
  /// thousands of them. Cost: one read of all MLPs.
  public init(
    candidate: [NeuronMatrices], foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)? = nil,
    workers: Workers, seed: UInt64 = 1
  ) {
    self.init(candidate, foundation, tokens: tokens, sizes: SearchSizes(), workers: workers, seed: seed)
  }

  /// `read`: reads a model (0 the candidate's, 1 the foundation's) or remembers it; by default from its matrices.
  init(
    _ candidate: [NeuronMatrices], _ foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)?,
    sizes: SearchSizes, workers: Workers, seed: UInt64 = 1,
    read: ((_ model: Int, _ most: Int, _ isGated: Bool) -> NeuronModel)? = nil
  ) {
    let sources = [candidate, foundation]
    // One number for both, so that a neuron is among the largest of both.
    let most = sources.map { sizes.most(units: $0.count) }.min() ?? 0
    // What one of them has no gates for cannot be held against the other's.
    let isGated = (candidate + foundation).allSatisfy { $0.gate != nil }
    let models = sources.indices.map {
      read?($0, most, isGated) ?? NeuronModel(sources[$0], most: most, isGated: isGated, workers: workers)
    }
    self.init(
      candidate: models[0], foundation: models[1], tokens: tokens.map { Self.common($0, most: 4 * sizes.frame) }, sizes: sizes,
      workers: workers, seed: seed)
  }

  /// Evenly spaced rows of the tokens that both tables have.
  private static func common(
    _ tokens: (candidate: MatrixRows, foundation: MatrixRows), most: Int
  ) -> (candidate: Matrix, foundation: Matrix) {
    let all = min(tokens.candidate.rows, tokens.foundation.rows)
    let rows = min(all, most)
    func table(_ matrix: MatrixRows) -> Matrix {
      let values = (0..<rows).flatMap { place in
        let row = place * all / rows
        return matrix.read(row..<row + 1, 0..<matrix.columns)
      }
      return Matrix(rows: rows, columns: matrix.columns, values: values)
    }
    return (table(tokens.candidate), table(tokens.foundation))
  }
}
