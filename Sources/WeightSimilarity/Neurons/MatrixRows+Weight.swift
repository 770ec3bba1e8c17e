public import ModelAnatomy

extension MatrixRows {
  /// A weight, computed or widened to f32 as it is read.
  public init(_ weight: Weight) {
    self.init(rows: weight.rows, columns: weight.columns * weight.components) { rows, columns in
      var values = [Float](repeating: 0, count: rows.count * columns.count)
      var target = values.mutableSpan
      weight.read(rows: rows, columns: columns, into: &target, at: 0, stride: columns.count)
      return values
    }
  }
}
