/// Bytes as text and back (RFC 4648, section 4).
package enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = letters.enumerated().reduce(into: Array(repeating: 0xFF, count: 256)) {
    $0[Int($1.element)] = UInt8($1.offset)
  }

  package static func text(of bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var bits = 0
      for place in 0..<3 { bits = bits << 8 | (place < count ? Int(bytes[start + place]) : 0) }
      for place in 0..<4 {
        let letter = letters[(bits >> (18 - 6 * place)) & 63]
        out.append(place <= count ? letter : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes of a text; nil if it is not what `text` gives.
  package static func bytes(of text: String) -> [UInt8]? {
    let all = Array(text.utf8)
    guard all.count % 4 == 0 else { return nil }
    let padding = all.suffix(2).count { $0 == UInt8(ascii: "=") }
    var out: [UInt8] = []
    out.reserveCapacity(all.count / 4 * 3)
    for start in stride(from: 0, to: all.count, by: 4) {
      var bits = 0
      for place in start..<start + 4 {
        let value = Self.values[Int(all[place])]
        let isPadding = all[place] == UInt8(ascii: "=") && place >= all.count - padding
        guard value < 64 || isPadding else { return nil }
        bits = bits << 6 | (isPadding ? 0 : Int(value))
      }
      out += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
    }
    return Array(out.dropLast(padding))
  }
}
