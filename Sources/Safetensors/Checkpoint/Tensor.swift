public import ElementTypes

/// One tensor of a checkpoint: what it is and where its bytes are.
///
/// ```swift
/// let head = checkpoint.tensor(named: "lm_head.weight")!
/// head.shape      // [32000, 2048]
/// checkpoint.withBytes(of: head) { bytes in bytes.byteCount }  // 131072000
/// ```
public struct Tensor: Sendable, Hashable {
  /// Its name.
  public let name: TensorName
  /// How its numbers are stored.
  public let type: ElementType
  /// Its dimensions, the last varying fastest; empty for a scalar. One of them may exceed `Int.max` when another is 0.
  public let shape: [UInt64]
  /// The product of the shape.
  public let elementCount: Int
  /// Which of the checkpoint's files holds it.
  public let file: Int
  /// Its bytes, counted from the start of that file; need not be aligned.
  public let byteRange: Range<Int>

  /// The bytes that it takes.
  public var byteCount: Int { byteRange.count }

  init(_ tensor: Header.Tensor, file: Int) {
    name = tensor.name
    type = tensor.type
    shape = tensor.shape
    elementCount = tensor.elementCount
    self.file = file
    byteRange = tensor.byteRange
  }
}
