/// A value as bytes, for files that keep results; `RecordReader` gives it back, numbers to the bit.
///
/// ```swift
/// var record = RecordWriter()
/// record.add("down_proj")
/// record.add(0.25)
/// var reader = RecordReader(record.bytes)
/// reader.text()     // "down_proj"
/// reader.number()   // 0.25
/// ```
///
/// Nothing in a record names its values: the reader asks for them in the order in which they were added. Integers take a byte for seven
/// bits (LEB128), doubles eight bytes, the lowest first; texts and lists have their count in front.
package struct RecordWriter {
  /// The record up to now.
  package private(set) var bytes: [UInt8] = []

  /// An empty record.
  package init() {}

  package mutating func add(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func add(_ number: Double) {
    let bits = number.bitPattern
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  package mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  package mutating func add(_ text: String) {
    add(text.utf8.count)
    bytes += text.utf8
  }

  /// The count of `bytes`, and the bytes.
  package mutating func add(bytes more: [UInt8]) {
    add(more.count)
    bytes += more
  }

  /// Whether there is a number, and the number.
  package mutating func add(_ number: Double?) {
    add(number != nil)
    if let number { add(number) }
  }

  /// Whether there is a number, and the number.
  package mutating func add(_ number: Int?) {
    add(number != nil)
    if let number { add(number) }
  }

  /// The count of `values`, and what `write` adds for each.
  package mutating func add<Values: Collection>(
    each values: Values, _ write: (inout RecordWriter, Values.Element) -> Void
  ) {
    add(values.count)
    for value in values { write(&self, value) }
  }
}
