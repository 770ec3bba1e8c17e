package import WeightSimilarity

/// The matrices of one attention layer, which hold its heads, and the gain that is folded into them.
///
/// Queries, keys and values have one row per element of a head and one column per residual channel; in `output` it is the other
/// way round. Several query heads may share a key–value head (grouped and multi-query attention). Biases are not included.
package struct HeadMatrices: Sendable {
  /// The layer's number.
  package var layer: Int
  /// Query heads · size × width.
  package var query: MatrixRows
  /// Key–value heads · size × width.
  package var key: MatrixRows
  /// Key–value heads · size × width.
  package var value: MatrixRows
  /// Width × query heads · size.
  package var output: MatrixRows
  /// The gain of the norm that the layer reads, one number per channel. An offset is added if the family stores one.
  package var gain: [Float]?
  /// Whether that norm subtracts the mean of the channels (LayerNorm). If so, the model computes the same when each row of the
  /// readers, and each column of `output`, has its mean subtracted.
  package var isCentred: Bool

  /// Width of the residual stream.
  package var width: Int { query.columns }

  /// The matrices of one layer; nil if their shapes do not fit each other.
  package init?(
    layer: Int, query: MatrixRows, key: MatrixRows, value: MatrixRows, output: MatrixRows, gain: [Float]? = nil,
    isCentred: Bool = false
  ) {
    guard key.rows > 0, query.rows > 0, query.columns > 0, query.rows.isMultiple(of: key.rows), key.rows == value.rows,
      output.columns == query.rows, output.rows == query.columns, key.columns == query.columns, value.columns == query.columns,
      gain.map({ $0.count == query.columns }) ?? true
    else { return nil }
    (self.layer, self.query, self.key, self.value, self.output) = (layer, query, key, value, output)
    (self.gain, self.isCentred) = (gain, isCentred)
  }

  /// Whether heads of this size fit.
  func fits(_ size: Int) -> Bool { size > 1 && key.rows.isMultiple(of: size) }
}
