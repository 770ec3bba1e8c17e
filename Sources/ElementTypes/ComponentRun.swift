/// Consecutive numbers inside a tensor's bytes, checked to lie in them.
///
/// ```swift
/// let run = ComponentRun(of: bytes, as: .f4, from: 3, count: 2)
/// run.firstBit  // 12
/// ```
package struct ComponentRun {
  /// Where the run starts in the tensor.
  package let firstBit: Int
  /// Its length in components.
  package let count: Int

  /// Stops the program when the run is not inside `bytes`.
  package init(of bytes: RawSpan, as type: ElementType, from first: Int, count: Int) {
    precondition(first >= 0 && count >= 0, "a run of numbers starts and counts from 0")
    let width = type.componentBits
    let (end, overflow) = first.addingReportingOverflow(count)
    precondition(
      !overflow && end <= bytes.byteCount / width * 8 + bytes.byteCount % width * 8 / width,
      "numbers \(first)..<\(end) are not all inside the tensor's \(bytes.byteCount) bytes")
    firstBit = first * width
    self.count = count
  }

  /// The byte that the run starts in (of types of eight bits and more: with).
  package var firstByte: Int { firstBit / 8 }
}
