package import ElementTypes

/// Consecutive numbers of one tensor in its file: the whole tensor, or some rows.
///
/// ```swift
/// let keys = checkpoint.slice(of: fused, elements: q * width..<(q + k) * width)!
/// try TensorSlice.ensure([keys])
/// keys.withBytes { bytes in widen(bytes, as: keys.type, from: 0, count: keys.count, into: &values) }
/// ```
///
/// It keeps its file open, and a copy of it counts one reference. A caller passes a list of slices to `ensure` before it reads
/// them; from this list, a file that is filled by ranges knows which bytes to fetch.
package struct TensorSlice: Sendable {
  /// The file.
  @usableFromInline let file: FileBytes
  /// The bytes in the file.
  @usableFromInline let bytes: Range<Int>
  /// The storage of the numbers.
  package let storage: StorageType
  /// Number of elements.
  package let count: Int

  /// `count` numbers, stored in the range `bytes` of `file`. Stops the program when the range is not inside the file.
  package init(file: FileBytes, bytes: Range<Int>, storage: StorageType, count: Int) {
    precondition(bytes.lowerBound >= 0 && bytes.upperBound <= file.size, "bytes \(bytes) of a file of \(file.size) bytes")
    self.file = file
    self.bytes = bytes
    self.storage = storage
    self.count = count
  }

  /// All elements of `tensor`, a tensor of `file`, or those in `elements`, counted from its first; nil when they do not begin and
  /// end at a byte or block boundary. O(1).
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

  /// The type of a single number. Stops the program for a slice of blocks: only the decoder of their format can read them.
  @inlinable
  package var type: ElementType {
    guard case .element(let type) = storage else { preconditionFailure("blocks of \(storage.name) read as single numbers") }
    return type
  }

  /// Its size in the file, in bytes.
  package var byteCount: Int { bytes.count }

  /// The slice as bytes, each byte one number; used to compare blocks that have no decoder.
  package var asBytes: TensorSlice {
    TensorSlice(file: file, bytes: bytes, storage: .element(.u8), count: bytes.count)
  }

  /// Calls `body` with the bytes; the span is valid only during the call and may be unaligned. O(1); the pages that `body`
  /// accesses are read.
  @inlinable
  package func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
    try file.withBytes(in: bytes, body)
  }

  /// Tells the system that some elements will be read soon. One system call, which blocks only while the disk is busy.
  package func willNeed(_ elements: Range<Int>) { file.willNeed(covering(elements).bytes) }

  /// The part of the slice that holds `elements`, counted from its first: whole bytes or blocks, so it may begin a little
  /// earlier and end a little later.
  package func covering(_ elements: Range<Int>) -> TensorSlice {
    let (numbers, size) = storage.unit
    // No overflow: the result is inside the tensor, and its number of bits was checked.
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
