/// The first byte in `range` at which `bytes` are not valid UTF-8, or nil when they are valid. Overlong forms, surrogates and
/// scalars beyond U+10FFFF are not valid.
///
/// O(range), eight bytes per step for ASCII. Source: Unicode 16, table 3-7.
package func firstInvalidUTF8(_ bytes: RawSpan, in range: Range<Int>) -> Int? {
  var index = range.lowerBound
  let end = range.upperBound
  func continues(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
    guard index + offset < end else { return false }
    let byte = byte(of: bytes, at: index + offset)
    return byte >= low && byte <= high
  }
  while index < end {
    let first = byte(of: bytes, at: index)
    switch first {
    case 0x00...0x7F:
      index += 1
      while index + 8 <= end, word(of: bytes, at: index) & 0x8080_8080_8080_8080 == 0 { index += 8 }
    case 0xC2...0xDF:
      guard continues(1) else { return index }
      index += 2
    case 0xE0...0xEF:
      guard continues(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF), continues(2) else { return index }
      index += 3
    case 0xF0...0xF4:
      guard continues(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF), continues(2), continues(3) else {
        return index
      }
      index += 4
    default: return index
    }
  }
  return nil
}

// Loads of integers. Safe: any bit pattern is a valid integer, and the offset is checked.
private func byte(of bytes: RawSpan, at offset: Int) -> UInt8 {
  unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
}
private func word(of bytes: RawSpan, at offset: Int) -> UInt64 {
  unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
}
