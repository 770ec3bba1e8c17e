import ElementTypes
import LinearAlgebra
import Safetensors

/// Where a tensor's numbers are, without what it is called: nothing to be counted when it is copied, as it is for every block
/// (two threads that count the references of the same names took a quarter of a heatmap's time).
struct TensorPlace: Sendable {
  let file: Int
  let bytes: Range<Int>
  let type: ElementType

  init(_ tensor: Tensor) {
    file = tensor.file
    bytes = tensor.byteRange
    type = tensor.type
  }
}

extension RowBlock {
  /// Widens `elements` of a tensor into a row; as many again behind them, up to `end`, are wanted next.
  mutating func fill(_ row: Int, with place: TensorPlace, of checkpoint: Checkpoint, _ elements: Range<Int>, until end: Int) {
    checkpoint.withBytes(file: place.file, in: place.bytes) { bytes in
      fill(row, from: bytes, as: place.type, first: elements.lowerBound, next: min(elements.count, end - elements.upperBound))
    }
  }

  /// The same for every tensor, a row each.
  mutating func fill(with places: [TensorPlace], of checkpoint: Checkpoint, _ elements: Range<Int>, until end: Int) {
    resize(rows: places.count, columns: elements.count)
    for row in places.indices { fill(row, with: places[row], of: checkpoint, elements, until: end) }
  }
}

/// The two sides of a product, one pair a thread.
struct BlockBuffers {
  var candidate = RowBlock()
  var foundation = RowBlock()
}
