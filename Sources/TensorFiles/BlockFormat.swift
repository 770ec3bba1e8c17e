/// A way to store numbers in blocks: a fixed count of numbers that share scales, in a fixed count of bytes.
///
/// ```swift
/// let q4k = BlockFormat(name: "Q4_K", numbers: 256, bytes: 144)
/// q4k.byteCount(of: 1_024)  // 576
/// q4k.byteCount(of: 100)    // nil: 100 numbers are no whole blocks
/// ```
///
/// It gives only the size of a block. The target of the file's format implements the decoding.
package struct BlockFormat: Sendable {
  // A StaticString, because every slice copies the tensor's storage type, and a String would need reference counting each time.
  private let title: StaticString
  /// Numbers in a block, at least 1.
  package let numbers: Int
  /// Bytes of a block, at least 1.
  package let bytes: Int

  /// A format by its name (such as `Q4_K`) and the size of its blocks. Stops the program for an empty block.
  package init(name: StaticString, numbers: Int, bytes: Int) {
    precondition(numbers > 0 && bytes > 0, "a block of \(name) has \(numbers) numbers in \(bytes) bytes")
    (title, self.numbers, self.bytes) = (name, numbers, bytes)
  }

  /// The name in reports.
  package var name: String { "\(title)" }

  /// The bytes of `count` numbers, or nil when they do not fill whole blocks or the product overflows.
  package func byteCount(of count: Int) -> Int? {
    guard count >= 0, count % numbers == 0 else { return nil }
    let (total, overflow) = (count / numbers).multipliedReportingOverflow(by: bytes)
    return overflow ? nil : total
  }
}

extension BlockFormat: Hashable {
  /// True when name and sizes are the same.
  package static func == (left: BlockFormat, right: BlockFormat) -> Bool {
    (left.numbers, left.bytes) == (right.numbers, right.bytes) && left.name == right.name
  }

  /// Feeds name and sizes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(numbers)
    hasher.combine(bytes)
  }
}
