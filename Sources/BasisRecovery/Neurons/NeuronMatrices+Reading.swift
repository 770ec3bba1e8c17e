package import LinearAlgebra
package import WeightSimilarity

/// Reading the rows of neurons: gains folded in, and means subtracted where the norm subtracts them.
extension NeuronMatrices {
  /// Rows that are in memory at once.
  private static let block = 64

  /// ‖row‖² of every row of gate or up, with the gain. Cost: one read of the matrix.
  package func rowSquares(of matrix: MatrixRows) -> [Double] {
    stride(from: 0, to: matrix.rows, by: Self.block).flatMap { start in
      let rows = start..<min(start + Self.block, matrix.rows)
      let values = folded(matrix.read(rows, 0..<matrix.columns))
      return (0..<rows.count).map {
        sumAndSquares(values.span.extracting($0 * matrix.columns..<($0 + 1) * matrix.columns)).squares
      }
    }
  }

  /// ‖column‖² of every column of down. Cost: one read of the matrix.
  package func downSquares() -> [Double] {
    var squares = [Double](repeating: 0, count: neurons)
    for start in stride(from: 0, to: down.rows, by: Self.block) {
      let rows = start..<min(start + Self.block, down.rows)
      let values = down.read(rows, 0..<neurons)
      for k in 0..<rows.count {
        for neuron in 0..<neurons {
          let value = Double(values[k * neurons + neuron])
          squares[neuron] += value * value
        }
      }
    }
    return squares
  }

  /// Some rows of gate or up, with the gain, in ascending order: chosen × width.
  package func rows(of matrix: MatrixRows, _ chosen: [Int]) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(chosen.count * matrix.columns)
    var next = 0
    while next < chosen.count {
      // Consecutive rows are read together.
      var end = next + 1
      while end < chosen.count, chosen[end] == chosen[end - 1] + 1, end - next < Self.block { end += 1 }
      values += folded(matrix.read(chosen[next]..<chosen[end - 1] + 1, 0..<matrix.columns))
      next = end
    }
    return Matrix(rows: chosen.count, columns: matrix.columns, values: values)
  }

  /// Some columns of down as rows: chosen × width. Cost: one read of the matrix.
  package func downColumns(_ chosen: [Int]) -> Matrix {
    var found = Matrix(rows: chosen.count, columns: down.rows)
    for start in stride(from: 0, to: down.rows, by: Self.block) {
      let rows = start..<min(start + Self.block, down.rows)
      let values = down.read(rows, 0..<down.columns)
      for (i, neuron) in chosen.enumerated() {
        for k in 0..<rows.count { found.values[i * down.rows + start + k] = values[k * down.columns + neuron] }
      }
    }
    if isCentred { Self.centre(&found.values, columns: down.rows) }
    return found
  }

  /// Rows times the gain, minus their mean if the norm subtracts it.
  private func folded(_ values: [Float]) -> [Float] {
    guard gain != nil || isCentred else { return values }
    var values = values
    if let gain {
      for start in stride(from: 0, to: values.count, by: width) {
        for k in 0..<width { values[start + k] *= gain[k] }
      }
    }
    if isCentred { Self.centre(&values, columns: width) }
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
