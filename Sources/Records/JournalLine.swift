/// One line of a journal: a checksum, a key, and a record in hexadecimal digits, with tabs between them.
///
/// A key has no tab and no line end. The checksum detects torn lines, not forgery.
package struct JournalLine {
  package let key: String
  package let record: [UInt8]

  package init(key: String, record: [UInt8]) { (self.key, self.record) = (key, record) }

  /// Parses a line without its line end; nil when it is damaged.
  package init?(bytes: ArraySlice<UInt8>) {
    let start = bytes.startIndex
    guard bytes.count > 17, bytes[start + 16] == 0x09 else { return nil }
    let text = bytes[(start + 17)...]
    guard Self.checksum(text).elementsEqual(bytes[..<(start + 16)]), let tab = text.firstIndex(of: 0x09),
      let record = Self.bytes(fromDigits: text[(tab + 1)...])
    else { return nil }
    key = String(decoding: text[..<tab], as: UTF8.self)
    self.record = record
  }

  /// The complete line with its line end.
  package var bytes: [UInt8] {
    let text = Array(key.utf8) + [0x09] + Self.digits(of: record)
    return Self.checksum(text[...]) + [0x09] + text + [0x0A]
  }

  /// FNV-1a, 64 bits, as 16 hexadecimal digits.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<16).map { Self.letters[Int(sum >> (60 - 4 * UInt64($0)) & 15)] }
  }

  private static let letters = Array("0123456789abcdef".utf8)

  /// Bytes as hexadecimal digits.
  package static func digits(of bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(letters[Int(byte >> 4)])
      text.append(letters[Int(byte & 15)])
    }
    return text
  }

  /// Decodes hexadecimal digits; nil when they are not valid.
  package static func bytes(fromDigits digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit &- 0x30 : digit &- 0x57 }
    for i in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
      let (high, low) = (value(digits[i]), value(digits[i + 1]))
      guard high < 16, low < 16 else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
