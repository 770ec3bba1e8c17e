package import ElementTypes

/// The storage of a tensor's numbers: each separately, or many together in blocks.
///
/// ```swift
/// StorageType.element(.bf16).byteCount(of: 100)  // 200
/// StorageType.blocks(q4k).name                   // "Q4_K"
/// try StorageType.element(.f4).size(of: [3, 5])  // throws .partialByte(bits: 60)
/// ```
package enum StorageType: Sendable, Hashable {
  /// Separate consecutive numbers.
  case element(ElementType)
  /// Blocks of numbers with common scales; a row of the tensor is a whole number of blocks.
  case blocks(BlockFormat)

  /// The name in reports: `BF16`, `Q4_K`.
  package var name: String {
    switch self {
    case .element(let type): type.name
    case .blocks(let format): format.name
    }
  }

  /// The type of a single number; nil for blocks.
  package var element: ElementType? { if case .element(let type) = self { type } else { nil } }

  /// The bytes of `count` consecutive numbers; nil when they do not fill whole bytes or whole blocks, or the product overflows.
  package func byteCount(of count: Int) -> Int? {
    switch self {
    case .element(let type): type.byteCount(of: count)
    case .blocks(let format): format.byteCount(of: count)
    }
  }

  /// The byte range of the numbers `elements`, counted from the first byte of number 0; nil when they do not begin and end at a
  /// byte or block boundary.
  package func byteRange(of elements: Range<Int>) -> Range<Int>? {
    guard let start = byteCount(of: elements.lowerBound), let end = byteCount(of: elements.upperBound) else { return nil }
    return start..<end
  }

  /// The reason why a shape has no size.
  package enum SizeFault: Error, Equatable {
    /// The number of elements does not fit 64 bits.
    case tooManyElements
    /// The number of bits does not fit 64 bits, or the number of elements does not fit an Int.
    case tooManyBits
    /// This number of bits is not a whole number of bytes.
    case partialByte(bits: UInt64)
    /// A row of this length is not a whole number of blocks.
    case partialBlock(row: UInt64)
  }

  /// Numbers and bytes of a tensor of this shape, last dimension fastest. The product is computed from left to right, so a zero
  /// prevents an overflow error only for later dimensions.
  package func size(of shape: [UInt64]) throws(SizeFault) -> (elements: Int, bytes: UInt64) {
    var product: UInt64 = 1
    for dimension in shape {
      let (next, overflowed) = product.multipliedReportingOverflow(by: dimension)
      guard !overflowed else { throw .tooManyElements }
      product = next
    }
    switch self {
    case .element(let type):
      let (bits, overflowed) = product.multipliedReportingOverflow(by: UInt64(type.bits))
      guard !overflowed, let elements = Int(exactly: product) else { throw .tooManyBits }
      guard bits % 8 == 0 else { throw .partialByte(bits: bits) }
      return (elements, bits / 8)
    case .blocks(let format):
      let row = shape.last ?? 1
      guard row % UInt64(format.numbers) == 0 else { throw .partialBlock(row: row) }
      guard let elements = Int(exactly: product), let bytes = format.byteCount(of: elements) else { throw .tooManyBits }
      return (elements, UInt64(bytes))
    }
  }
}
