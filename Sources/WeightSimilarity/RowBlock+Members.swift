import ElementTypes
import LinearAlgebra
import Safetensors

extension RowBlock {
  /// Widens `elements` of every tensor, a row each; as many again behind them, up to `end`, are wanted next.
  mutating func fill(with tensors: [Tensor], of checkpoint: Checkpoint, _ elements: Range<Int>, until end: Int) {
    resize(rows: tensors.count, columns: elements.count)
    let next = min(elements.count, end - elements.upperBound)
    for row in tensors.indices {
      checkpoint.withBytes(of: tensors[row]) { bytes in
        fill(row, from: bytes, as: tensors[row].type, first: elements.lowerBound, next: next)
      }
    }
  }
}

/// The two sides of a product, one pair a thread.
struct BlockBuffers {
  var candidate = RowBlock()
  var foundation = RowBlock()
}
