package import ElementTypes

/// Numbers of one tensor that lie one after the other in its file: all of it, or some rows.
///
/// ```swift
/// let keys = checkpoint.slice(of: fused, elements: q * width..<(q + k) * width)!
/// try TensorSlice.ensure([keys])
/// keys.withBytes { bytes in widen(bytes, as: keys.type, from: 0, count: keys.count, into: &values) }
/// ```
///
/// It keeps its file open, and copying it counts one reference. What will be read can be said as a list of slices before anything
/// is read: that is how a file that is filled by ranges knows what to fetch.
package struct TensorSlice: Sendable {
  /// The file.
  @usableFromInline let file: FileBytes
  /// The bytes in the file.
  @usableFromInline let bytes: Range<Int>
  /// How the numbers are stored.
  package let storage: StorageType
  /// Number of elements.
  package let count: Int

  /// `count` numbers that are the `bytes` of `file`. Stops the program when the bytes are not in the file.
  package init(file: FileBytes, bytes: Range<Int>, storage: StorageType, count: Int) {
    precondition(bytes.lowerBound >= 0 && bytes.upperBound <= file.size, "bytes \(bytes) of a file of \(file.size) bytes")
    self.file = file
    self.bytes = bytes
    self.storage = storage
    self.count = count
  }

  /// The elements of `tensor`, which is one of `file`'s, or of `elements` counted from its first; nil when they do not begin and
  /// end between two bytes or two blocks. O(1).
  package init?(of tensor: Tensor, in file: FileBytes, elements: Range<Int>? = nil) {
    guard let elements else {
      self.init(file: file, bytes: tensor.byteRange, storage: tensor.storage, count: tensor.elementCount)
      return
    }
    precondition(
      elements.lowerBound >= 0 && elements.upperBound <= tensor.elementCount,
      "elements \(elements) of a tensor of \(tensor.elementCount)")
    guard let bytes = tensor.storage.byteRange(of: elements) else { return nil }
    let start = tensor.byteRange.lowerBound
    self.init(
      file: file, bytes: start + bytes.lowerBound..<start + bytes.upperBound, storage: tensor.storage, count: elements.count)
  }

  /// The type of a single number. Stops the program for a slice of blocks, which only the decoder of their format can read.
  @inlinable
  package var type: ElementType {
    guard case .element(let type) = storage else { preconditionFailure("blocks of \(storage.name) read as single numbers") }
    return type
  }

  /// Bytes that it takes in the file.
  package var byteCount: Int { bytes.count }

  /// The slice as bytes, each a number of its own: what is compared where nothing decodes the blocks.
  package var asBytes: TensorSlice {
    TensorSlice(file: file, bytes: bytes, storage: .element(.u8), count: bytes.count)
  }

  /// Calls `body` with the bytes; the span is valid only in the call and may be unaligned. O(1), and the pages that `body`
  /// touches are read.
  @inlinable
  package func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
    try file.withBytes(in: bytes, body)
  }

  /// Says that some elements are read soon. One system call, which blocks only while the disk has its hands full.
  package func willNeed(_ elements: Range<Int>) { file.willNeed(covering(elements).bytes) }

  /// The part of the slice that holds `elements`, counted from its first: whole bytes or blocks, so that it may begin a little
  /// before and end a little behind.
  package func covering(_ elements: Range<Int>) -> TensorSlice {
    let (numbers, size) = storage.unit
    // Inside the tensor, whose bits were checked not to overflow.
    let units = elements.lowerBound / numbers..<(elements.upperBound + numbers - 1) / numbers
    let range = (bytes.lowerBound + units.lowerBound * size..<bytes.lowerBound + units.upperBound * size).clamped(to: bytes)
    let first = units.lowerBound * numbers
    return TensorSlice(file: file, bytes: range, storage: storage, count: max(0, min(units.upperBound * numbers, count) - first))
  }
}

extension StorageType {
  /// The fewest numbers that fill whole bytes, and those bytes.
  fileprivate var unit: (numbers: Int, bytes: Int) {
    switch self {
    case .element(let type): type.bits % 8 == 0 ? (1, type.bits / 8) : type.bits == 4 ? (2, 1) : (4, 3)
    case .blocks(let format): (format.numbers, format.bytes)
    }
  }
}
