/// A compressor for drawn pictures: RFC 1951 with the fixed code. Each position is compared with the last position that began
/// with the same three bytes. Drawn pictures consist of flat areas and repeated rows, and these shrink by a factor of a
/// hundred. A photograph would need a better compressor, that is, a library. None is available here, and zlib's headers would
/// be an additional install for a single option of the program.
///
/// Cost: one step for each byte, and 128 KB in addition to the output.
struct Deflate {
  private static let window = 1 << 15
  private static let longest = 258

  /// `bytes` as a zlib stream (RFC 1950).
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var bits = BitWriter(bytes: [0x78, 0x01])
    bits.write(1, count: 1)  // the last block
    bits.write(1, count: 2)  // of the fixed code
    var heads = [Int32](repeating: -1, count: 1 << 15)
    var at = 0
    while at < bytes.count {
      var length = 0
      var distance = 0
      if at + 3 <= bytes.count {
        let key = UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
        let slot = Int((key &* 0x9E37_79B1) >> 17)
        let last = Int(heads[slot])
        heads[slot] = Int32(at)
        if last >= 0, at - last <= window {
          let most = min(longest, bytes.count - at)
          while length < most, bytes[last + length] == bytes[at + length] { length += 1 }
          distance = at - last
        }
      }
      if length >= 3 {
        writeMatch(length: length, distance: distance, to: &bits)
        at += length
      } else {
        writeSymbol(Int(bytes[at]), to: &bits)
        at += 1
      }
    }
    writeSymbol(256, to: &bits)
    return bits.finished() + bigEndian(adler32(bytes))
  }

  /// RFC 1951, 3.2.6: the fixed code of literals, lengths and the end.
  private static func writeSymbol(_ symbol: Int, to bits: inout BitWriter) {
    switch symbol {
    case 0...143: bits.writeCode(0x30 + symbol, count: 8)
    case 144...255: bits.writeCode(0x190 + symbol - 144, count: 9)
    case 256...279: bits.writeCode(symbol - 256, count: 7)
    default: bits.writeCode(0xC0 + symbol - 280, count: 8)
    }
  }

  /// RFC 1951, 3.2.5: eight lengths and four distances have no extra bits. After them come groups of four and two, whose
  /// members differ in an increasing number of extra bits. Length 258 has a separate symbol.
  private static func writeMatch(length: Int, distance: Int, to bits: inout BitWriter) {
    if length == longest {
      writeSymbol(285, to: &bits)
    } else {
      let (symbol, extra, rest) = grouped(length - 3, groupBits: 2)
      writeSymbol(257 + symbol, to: &bits)
      bits.write(rest, count: extra)
    }
    let (symbol, extra, rest) = grouped(distance - 1, groupBits: 1)
    bits.writeCode(symbol, count: 5)
    bits.write(rest, count: extra)
  }

  /// The symbol of `value`, where each power of two is divided into 2^`groupBits` symbols, and the extra bits below it.
  private static func grouped(_ value: Int, groupBits: Int) -> (symbol: Int, extra: Int, rest: Int) {
    let size = Int.bitWidth - value.leadingZeroBitCount
    let extra = max(0, size - 1 - groupBits)
    return (extra << groupBits + value >> extra, extra, value & (1 << extra - 1))
  }

  /// The checksum of RFC 1950, 8.2.
  static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return b << 16 | a
  }

  /// Four bytes, the most significant first.
  static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// Writes bits into bytes, the lowest bit first.
private struct BitWriter {
  var bytes: [UInt8]
  private var held: UInt32 = 0
  private var count: UInt32 = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// A number of up to 16 bits.
  mutating func write(_ value: Int, count width: Int) {
    held |= UInt32(value) << count
    count += UInt32(width)
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: held))
      held >>= 8
      count -= 8
    }
  }

  /// A Huffman code, whose highest bit comes first.
  mutating func writeCode(_ code: Int, count width: Int) {
    var turned = 0
    for bit in 0..<width { turned |= (code >> bit & 1) << (width - 1 - bit) }
    write(turned, count: width)
  }

  func finished() -> [UInt8] {
    count > 0 ? bytes + [UInt8(truncatingIfNeeded: held)] : bytes
  }
}
