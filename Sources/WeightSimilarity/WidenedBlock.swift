import ElementTypes
import LinearAlgebra
import ModelAnatomy
import Safetensors

/// The same columns of several flattened matrices as f32, `rows × columns`, row-major, with each row's exact sums.
///
/// Reused from block to block, so that filling it does not allocate once it has grown to its size.
struct WidenedBlock {
  private(set) var values: [Float] = []
  private(set) var columns = 0
  /// What a row's values must be multiplied by to be the stored ones: 1, but for rows so large or small that their
  /// products would leave the range of f32.
  private(set) var scales: [Double] = []
  private(set) var sums: [Double] = []
  private(set) var squares: [Double] = []

  /// Widens `elements` of every member's matrix.
  mutating func fill(with members: [LayerGroup.Member], of checkpoint: Checkpoint, _ elements: Range<Int>) {
    columns = elements.count
    resize(to: members.count)
    for (i, member) in members.enumerated() {
      let tensor = member.weight.tensor
      let start = i * columns
      checkpoint.withBytes(of: tensor) { bytes in
        var target = values.mutableSpan
        widen(bytes, as: tensor.type, from: elements.lowerBound, count: elements.count, into: &target, at: start)
      }
      (sums[i], squares[i], scales[i]) = settle(start..<start + columns)
    }
  }

  private mutating func resize(to rows: Int) {
    if values.count != rows * columns { values = Array(repeating: 0, count: rows * columns) }
    if scales.count != rows {
      scales = Array(repeating: 1, count: rows)
      sums = scales
      squares = scales
    }
  }

  /// The row's sum and squared norm, and the power of two that it was divided by to make products of two rows
  /// representable; NaN and infinities become zero.
  private mutating func settle(_ row: Range<Int>) -> (sum: Double, squares: Double, scale: Double) {
    let first = sumAndSquares(values.span.extracting(row))
    if first.squares.isFinite, first.squares > 0x1p-60, first.squares < 0x1p60 { return (first.sum, first.squares, 1) }
    var largest: Float = 0
    for k in row {
      if values[k].isFinite { largest = max(largest, abs(values[k])) } else { values[k] = 0 }
    }
    guard largest > 0 else { return (0, 0, 1) }
    let scale = Double(sign: .plus, exponent: Int(largest.exponent), significand: 1)
    for k in row { values[k] = Float(Double(values[k]) / scale) }
    let settled = sumAndSquares(values.span.extracting(row))
    return (settled.sum * scale, settled.squares * scale * scale, scale)
  }
}

/// The two sides of a product, one pair a thread.
struct BlockBuffers {
  var candidate = WidenedBlock()
  var foundation = WidenedBlock()
}
