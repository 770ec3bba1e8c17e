/// The values of a record in the order in which they were added; see `RecordWriter`.
///
/// Every function returns nil when the bytes that are left are not such a value; the bytes may be anything.
package struct RecordReader {
  private var rest: ArraySlice<UInt8>

  /// A reader at the beginning of `bytes`.
  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// Whether nothing is left.
  package var isAtEnd: Bool { rest.isEmpty }

  package mutating func integer() -> Int? {
    var bits: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      let value = UInt64(byte & 0x7F)
      // Of the tenth byte one bit is left.
      guard shift < 63 || value <= 1 else { return nil }
      bits |= value << shift
      if byte < 0x80 { return Int(truncatingIfNeeded: bits) }
    }
    return nil
  }

  package mutating func number() -> Double? {
    guard rest.count >= 8 else { return nil }
    var bits: UInt64 = 0
    for (i, byte) in rest.prefix(8).enumerated() { bits |= UInt64(byte) << (8 * UInt64(i)) }
    rest = rest.dropFirst(8)
    return Double(bitPattern: bits)
  }

  package mutating func flag() -> Bool? {
    switch rest.popFirst() {
    case 0: false
    case 1: true
    default: nil
    }
  }

  /// A text; nil also when its bytes are no UTF-8.
  package mutating func text() -> String? {
    guard let count = count() else { return nil }
    defer { rest = rest.dropFirst(count) }
    return String(validating: rest.prefix(count), as: UTF8.self)
  }

  /// A count and as many bytes.
  package mutating func bytes() -> [UInt8]? {
    guard let count = count() else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// A number that may be missing.
  package mutating func optionalNumber() -> Double?? {
    guard let isThere = flag() else { return nil }
    return isThere ? number().map { .some($0) } : .some(nil)
  }

  /// An integer that may be missing.
  package mutating func optionalInteger() -> Int?? {
    guard let isThere = flag() else { return nil }
    return isThere ? integer().map { .some($0) } : .some(nil)
  }

  /// A count and as many values.
  package mutating func list<Value>(_ read: (inout RecordReader) -> Value?) -> [Value]? {
    guard let count = count() else { return nil }
    var values: [Value] = []
    for _ in 0..<count {
      guard let value = read(&self) else { return nil }
      values.append(value)
    }
    return values
  }

  /// A count of what follows. Each value is at least one byte: a count beyond the bytes that are left is wrong, and no memory is taken for it.
  private mutating func count() -> Int? {
    guard let count = integer(), (0...rest.count).contains(count) else { return nil }
    return count
  }
}
