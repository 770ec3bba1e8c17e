import ElementTypes
public import ModelAnatomy
public import Safetensors

extension MatrixRows {
  /// A weight as it is stored, widened to f32 as it is read.
  public init(_ weight: Weight, in checkpoint: Checkpoint) {
    let (tensor, width) = (weight.tensor, weight.columns)
    self.init(rows: weight.rows, columns: width) { rows, columns in
      var values = [Float](repeating: 0, count: rows.count * columns.count)
      let count = values.count
      checkpoint.withBytes(of: tensor) { bytes in
        var target = values.mutableSpan
        if columns.count == width {
          widen(bytes, as: tensor.type, from: rows.lowerBound * width, count: count, into: &target)
        } else {
          for (k, row) in rows.enumerated() {
            widen(
              bytes, as: tensor.type, from: row * width + columns.lowerBound, count: columns.count, into: &target,
              at: k * columns.count)
          }
        }
      }
      return values
    }
  }
}
