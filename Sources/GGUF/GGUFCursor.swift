internal import JSON
internal import TensorFiles

/// Reads the fields of a description one after the other. Every length is compared with the rest of the file before it is used.
struct GGUFCursor {
  let bytes: FileBytes
  /// The byte that is read next.
  private(set) var position = 0
  // A file that is filled by ranges is asked for a piece at a time, because only reading shows where the description ends.
  private var present = 0
  private static let piece = 1 << 20

  init(_ bytes: FileBytes) { self.bytes = bytes }

  /// The bytes that are left.
  var rest: Int { bytes.size - position }

  /// Takes the next `count` bytes. `what` names the field in the error.
  mutating func take(_ count: UInt64, _ what: String) throws(GGUFError) -> Range<Int> {
    guard count <= UInt64(rest) else {
      throw GGUFError(.length, "\(what) of \(count) bytes ends after the file (\(bytes.size) bytes)", byteOffset: position)
    }
    let range = position..<position + Int(count)
    if range.upperBound > present {
      present = min(bytes.size, max(range.upperBound, present + Self.piece))
      do { try bytes.ensure([position..<present]) } catch {
        throw GGUFError(.fetch, error.problem, byteOffset: position, cause: error)
      }
    }
    position = range.upperBound
    return range
  }

  /// Takes `count` items of `size` bytes each.
  mutating func skip(_ count: UInt64, of size: UInt64, _ what: String) throws(GGUFError) {
    let (total, overflow) = count.multipliedReportingOverflow(by: size)
    _ = try take(overflow ? .max : total, what)
  }

  mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ what: String, as type: Value.Type = Value.self
  ) throws(GGUFError) -> Value {
    let range = try take(UInt64(MemoryLayout<Value>.size), what)
    return bytes.withBytes(in: range) { span in
      // Safe: the range has the size of the integer, and integers have no invalid patterns.
      Value(littleEndian: unsafe span.unsafeLoadUnaligned(as: Value.self))
    }
  }

  /// A length in 64 bits and the bytes of a text.
  mutating func textRange(_ what: String) throws(GGUFError) -> Range<Int> {
    let length = try integer("the length of \(what)", as: UInt64.self)
    return try take(length, what)
  }

  /// The text in `range`, or nil when it is not UTF-8.
  func text(_ range: Range<Int>) -> String? {
    bytes.withBytes(in: range) { span in
      guard firstInvalidUTF8(span, in: 0..<span.byteCount) == nil else { return nil }
      // Safe: the string copies the bytes, and the span is borrowed for this call only.
      return unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }
}
