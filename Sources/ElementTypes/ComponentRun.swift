/// Consecutive numbers in a tensor's bytes; the range is checked to be inside the bytes.
///
/// ```swift
/// let run = ComponentRun(of: bytes, as: .f4, from: 3, count: 2)
/// run.firstBit  // 12
/// ```
package struct ComponentRun {
  /// The bit of the tensor at which the run starts.
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

  /// The byte in which the run starts (for types of eight bits or more: the first byte of the run).
  package var firstByte: Int { firstBit / 8 }
}
