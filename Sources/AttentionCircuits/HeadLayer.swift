import LinearAlgebra
import WeightSimilarity

/// The heads of one layer as rows in the residual stream, gains folded in, means removed where the norm removes them.
struct HeadLayer: Sendable {
  /// The layer's number.
  var layer: Int
  /// For each query head, size × width; the columns of the output matrix as rows.
  var query: [Matrix]
  var output: [Matrix]
  /// For each key–value head, size × width.
  var key: [Matrix]
  var value: [Matrix]

  /// Query heads for each key–value head.
  var sharing: Int { query.count / max(key.count, 1) }

  /// Reads a layer whose heads have this size, which must fit. Cost: one read of its four matrices.
  init(_ source: HeadMatrices, size: Int, _ sketch: ChannelSketch?) {
    layer = source.layer
    func finished(_ head: Matrix) -> Matrix {
      var head = head
      if source.isCentred { head.centreRows() }
      return sketch.map { head.sketched(by: $0) } ?? head
    }
    func rows(_ matrix: MatrixRows) -> [Matrix] {
      stride(from: 0, to: matrix.rows, by: size).map { start in
        var head = Matrix(
          rows: size, columns: source.width, values: matrix.read(start..<start + size, 0..<source.width))
        if let gain = source.gain { head.scaleColumns(by: gain) }
        return finished(head)
      }
    }
    query = rows(source.query)
    key = rows(source.key)
    value = rows(source.value)
    output = Self.columns(of: source.output, size: size).map(finished)
    for matrix in [source.query, source.key, source.value, source.output] { matrix.release() }
  }

  /// The columns of a matrix as rows, in heads of this size. It is read a few rows at a time, because a range of columns may cost
  /// as much as the whole matrix.
  private static func columns(of matrix: MatrixRows, size: Int) -> [Matrix] {
    var heads = Array(repeating: Matrix(rows: size, columns: matrix.rows), count: matrix.columns / size)
    let side = max(1, (1 << 20) / max(matrix.columns, 1))
    for start in stride(from: 0, to: matrix.rows, by: side) {
      let channels = start..<min(start + side, matrix.rows)
      let values = matrix.read(channels, 0..<matrix.columns)
      for head in heads.indices {
        for channel in channels {
          let first = (channel - start) * matrix.columns + head * size
          for i in 0..<size { heads[head].values[i * matrix.rows + channel] = values[first + i] }
        }
      }
    }
    return heads
  }
}

extension Matrix {
  fileprivate mutating func scaleColumns(by factors: [Float]) {
    for row in 0..<rows {
      for column in 0..<columns { values[row * columns + column] *= factors[column] }
    }
  }

  fileprivate mutating func centreRows() {
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let mean = Float(sumAndSquares(values.span.extracting(range)).sum / Double(max(columns, 1)))
      for i in range { values[i] -= mean }
    }
  }

  fileprivate func sketched(by sketch: ChannelSketch) -> Matrix {
    var narrow = Matrix(rows: rows, columns: sketch.width)
    for row in 0..<rows {
      sketch.add(values.span.extracting(row * columns..<(row + 1) * columns), to: &narrow.values, at: row * sketch.width)
    }
    return narrow
  }
}
