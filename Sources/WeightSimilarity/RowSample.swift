import ElementTypes
import LinearAlgebra
import ModelAnatomy
import Safetensors

/// A few rows of a matrix, each scaled to unit length: what the row-shift test looks at.
///
/// Up to 32 evenly spaced rows, so that a shift moves whole heads where their number is a power of two of 16 or more. A
/// row longer than 16,384 is represented by its first columns: more would cost time and add no power.
struct RowSample: Sendable {
  static let mostRows = 32
  static let mostColumns = 1 << 14
  private static let fewest = 8

  let rows: Int
  let columns: Int
  /// `rows × columns`, row-major. A row of zeros stays one; of a row with a NaN or an infinity nothing can be said that weighs anything.
  let values: [Float]

  /// True for matrices inside layers that have rows enough to shift: not for routers, whose rows are experts.
  static func suits(_ weight: Weight) -> Bool {
    weight.isMatrix && weight.rows >= fewest && weight.columns >= fewest && weight.role != .router
  }

  /// Reads the sample.
  init(of weight: Weight, in checkpoint: Checkpoint) {
    let type = weight.tensor.type
    let components = type.componentsPerElement
    let (rows, columns) = (min(Self.mostRows, weight.rows), min(Self.mostColumns, weight.columns * components))
    var values = [Float](repeating: 0, count: rows * columns)
    checkpoint.withBytes(of: weight.tensor) { bytes in
      var target = values.mutableSpan
      for i in 0..<rows {
        let start = i * weight.rows / rows * weight.columns * components
        widen(bytes, as: type, from: start, count: columns, into: &target, at: i * columns)
      }
      if !normaliseRows(&target, columns: columns) {
        for k in target.indices where !target[k].isFinite { target[k] = 0 }
      }
    }
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Mean cosines of row i with row i + s (cyclic) of `other`, for s = 0, 1, …: every ordered pair of rows is used once.
  func shiftedCosines(with other: RowSample) -> [Double] {
    Self.shifted(product(values, rows: rows, other.values, rows: rows, columns: columns), rows: rows, width: rows, from: 0)
  }

  /// The same from a table of inner products, `rows × width`, of which the columns from `start` belong to the other matrix.
  static func shifted(_ products: [Double], rows: Int, width: Int, from start: Int) -> [Double] {
    (0..<rows).map { s in
      (0..<rows).reduce(0) { $0 + products[$1 * width + start + ($1 + s) % rows] } / Double(rows)
    }
  }
}
