package import ElementTypes

/// How a tensor's numbers are stored: each by itself, or many together in blocks.
///
/// ```swift
/// StorageType.element(.bf16).byteCount(of: 100)  // 200
/// StorageType.blocks(q4k).name                   // "Q4_K"
/// try StorageType.element(.f4).size(of: [3, 5])  // throws .partialByte(bits: 60)
/// ```
package enum StorageType: Sendable, Hashable {
  /// One number after the other.
  case element(ElementType)
  /// Blocks of numbers with common scales; a row of the tensor is a whole number of blocks.
  case blocks(BlockFormat)

  /// The name that reports give: `BF16`, `Q4_K`.
  package var name: String {
    switch self {
    case .element(let type): type.name
    case .blocks(let format): format.name
    }
  }

  /// The type of a single number; nil for blocks.
  package var element: ElementType? { if case .element(let type) = self { type } else { nil } }

  /// The bytes that `count` consecutive numbers take; nil when they do not fill whole bytes, are no whole blocks, or the product
  /// overflows.
  package func byteCount(of count: Int) -> Int? {
    switch self {
    case .element(let type): type.byteCount(of: count)
    case .blocks(let format): format.byteCount(of: count)
    }
  }

  /// The bytes of the numbers `elements`, counted from the first byte of number 0; nil when they do not begin and end between two
  /// bytes, or between two blocks.
  package func byteRange(of elements: Range<Int>) -> Range<Int>? {
    guard let start = byteCount(of: elements.lowerBound), let end = byteCount(of: elements.upperBound) else { return nil }
    return start..<end
  }

  /// Why a shape has no size.
  package enum SizeFault: Error, Equatable {
    /// More numbers than 64 bits count.
    case tooManyElements
    /// More bits than 64 bits count, or more numbers than an Int does.
    case tooManyBits
    /// So many bits are no whole bytes.
    case partialByte(bits: UInt64)
    /// A row of so many numbers is no whole number of blocks.
    case partialBlock(row: UInt64)
  }

  /// Numbers and bytes of a tensor of this shape, last dimension fastest. The product is taken from left to right, so that a zero
  /// hides only what comes after it.
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
