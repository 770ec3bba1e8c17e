/// One line of a journal: a checksum, a key, and texts, with tabs between them.
///
/// Tabs, line ends and backslashes in texts are escaped. The checksum is to notice torn lines, not forgers.
struct JournalLine {
  let key: String
  let fields: [String]

  init(key: String, fields: [String]) { (self.key, self.fields) = (key, fields) }

  /// A line without its end; nil when it is not what was written.
  init?(bytes: ArraySlice<UInt8>) {
    let start = bytes.startIndex
    guard bytes.count > 17, bytes[start + 16] == 0x09 else { return nil }
    let text = bytes[(start + 17)...]
    guard Self.checksum(text).elementsEqual(bytes[..<(start + 16)]) else { return nil }
    let parts = text.split(separator: 0x09, omittingEmptySubsequences: false).map(Self.unescaped)
    key = parts[0]
    fields = Array(parts.dropFirst())
  }

  /// The whole line with its end.
  var bytes: [UInt8] {
    var text: [UInt8] = []
    for (number, field) in ([key] + fields).enumerated() {
      if number > 0 { text.append(0x09) }
      for byte in field.utf8 {
        switch byte {
        case 0x09: text += [0x5C, 0x74]
        case 0x0A: text += [0x5C, 0x6E]
        case 0x5C: text += [0x5C, 0x5C]
        default: text.append(byte)
        }
      }
    }
    return Self.checksum(text[...]) + [0x09] + text + [0x0A]
  }

  private static func unescaped(_ field: ArraySlice<UInt8>) -> String {
    guard field.contains(0x5C) else { return String(decoding: field, as: UTF8.self) }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in field {
      if isEscaped {
        text.append(byte == 0x74 ? 0x09 : byte == 0x6E ? 0x0A : byte)
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// FNV-1a, 64 bits, as 16 hexadecimal digits.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (0..<16).map { Self.letters[Int(sum >> (60 - 4 * UInt64($0)) & 15)] }
  }

  private static let letters = Array("0123456789abcdef".utf8)

  /// Bytes as hexadecimal digits.
  static func digits(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(letters[Int(byte >> 4)])
      text.append(letters[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// And back; nil for what are none.
  static func bytes(fromDigits text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit &- 0x30 : digit &- 0x57 }
    for i in stride(from: 0, to: digits.count, by: 2) {
      let (high, low) = (value(digits[i]), value(digits[i + 1]))
      guard high < 16, low < 16 else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
