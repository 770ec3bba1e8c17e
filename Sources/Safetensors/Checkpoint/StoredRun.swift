public import ElementTypes
internal import MemoryMapping

/// Numbers of one type that lie one after the other in a mapped file: a whole tensor, or some rows of one.
///
/// ```swift
/// let keys = checkpoint.run(of: fused, elements: q * width..<(q + k) * width)!
/// keys.withBytes { bytes in widen(bytes, as: keys.type, from: 0, count: keys.count, into: &values) }
/// ```
///
/// It keeps its file mapped, and copying it counts one reference, so that it may be handed to whoever reads blocks of it.
public struct StoredRun: Sendable {
  let mapping: MappedFile
  let bytes: Range<Int>
  /// How the numbers are stored.
  public let type: ElementType
  /// Number of elements.
  public let count: Int

  init(mapping: MappedFile, bytes: Range<Int>, type: ElementType, count: Int) {
    self.mapping = mapping
    self.bytes = bytes
    self.type = type
    self.count = count
  }

  /// Bytes that it takes in the file.
  public var byteCount: Int { bytes.count }

  /// Calls `body` with the bytes; the span is valid only in the call and may be unaligned. O(1), and the pages that `body`
  /// touches are read.
  public func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
    try mapping.withBytes(in: bytes, body)
  }

  /// Says that some elements are read soon. One system call, which blocks only while the disk has its hands full.
  public func willNeed(_ elements: Range<Int>) {
    let start = bytes.lowerBound
    let range = start + elements.lowerBound * type.bits / 8..<start + (elements.upperBound * type.bits + 7) / 8
    mapping.willNeed(range.clamped(to: bytes))
  }
}

extension Checkpoint {
  /// The elements of `tensor`, or of `elements` counted from its first; nil when they do not begin and end between two bytes.
  /// O(1).
  public func run(of tensor: Tensor, elements: Range<Int>? = nil) -> StoredRun? {
    let mapping = shards[tensor.file].mapping
    guard let elements else {
      return StoredRun(mapping: mapping, bytes: tensor.byteRange, type: tensor.type, count: tensor.elementCount)
    }
    precondition(
      elements.lowerBound >= 0 && elements.upperBound <= tensor.elementCount,
      "elements \(elements) of a tensor of \(tensor.elementCount)")
    // Inside the tensor, whose bits were checked not to overflow.
    let (first, last) = (elements.lowerBound * tensor.type.bits, elements.upperBound * tensor.type.bits)
    guard first % 8 == 0, last % 8 == 0 else { return nil }
    let start = tensor.byteRange.lowerBound
    return StoredRun(mapping: mapping, bytes: start + first / 8..<start + last / 8, type: tensor.type, count: elements.count)
  }
}
