/// Numbers as bytes, 8 each, the lowest byte first.
struct NumberRecord {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ number: Double) { add(bits: number.bitPattern) }
  mutating func add(_ number: Int) { add(bits: UInt64(bitPattern: Int64(number))) }

  mutating func add(_ flag: Bool) { add(bits: flag ? 1 : 0) }

  private mutating func add(bits: UInt64) {
    for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(byte)))) }
  }
}

/// Reads the numbers of a ``NumberRecord`` in their order; nil at the end.
struct NumberRecordReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number() -> Double? { bits().map { Double(bitPattern: $0) } }
  mutating func integer() -> Int? { bits().map { Int(truncatingIfNeeded: $0) } }

  /// A count and as many values.
  mutating func list<Value>(_ read: (inout NumberRecordReader) -> Value?) -> [Value]? {
    // Each value is at least one number: a count beyond them is wrong.
    guard let count = integer(), (0...(bytes.count - position) / 8).contains(count) else { return nil }
    var values: [Value] = []
    for _ in 0..<count {
      guard let value = read(&self) else { return nil }
      values.append(value)
    }
    return values
  }

  private mutating func bits() -> UInt64? {
    guard position + 8 <= bytes.count else { return nil }
    defer { position += 8 }
    return (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
  }
}
