/// Words as bytes, the lowest first, and back.
package enum LittleEndian {
  package static func bytes(of word: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = word
    for _ in 0..<4 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return bytes
  }

  package static func bytes(of word: UInt64) -> [UInt8] {
    bytes(of: UInt32(truncatingIfNeeded: word)) + bytes(of: UInt32(truncatingIfNeeded: word >> 32))
  }

  /// The word of four bytes from `start` on; they must be there.
  package static func word32(_ bytes: [UInt8], at start: Int) -> UInt32 {
    var word: UInt32 = 0
    for place in (start..<start + 4).reversed() { word = word << 8 | UInt32(bytes[place]) }
    return word
  }

  /// The word of eight bytes from `start` on; they must be there.
  package static func word64(_ bytes: [UInt8], at start: Int) -> UInt64 {
    let (low, high) = (word32(bytes, at: start), word32(bytes, at: start + 4))
    return UInt64(high) << 32 | UInt64(low)
  }
}
