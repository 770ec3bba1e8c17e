/// A decoder of zlib streams of one block with the fixed code, from the tables of RFC 1951: what `Deflate` is held against.
/// Held itself against bytes that zlib wrote, in `DeflateTests`.
struct Inflate {
  struct Broken: Error {}

  private let bytes: [UInt8]
  private var bit = 0
  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
    12289,
    16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]

  /// The bytes that a zlib stream holds; its checksum is compared.
  static func zlib(_ stream: [UInt8]) throws -> [UInt8] {
    guard stream.count >= 7, stream[0] & 15 == 8, (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 else { throw Broken() }
    var decoder = Inflate(bytes: Array(stream[2..<stream.count - 4]))
    let out = try decoder.block()
    guard decoder.bit > decoder.bytes.count * 8 - 8 else { throw Broken() }
    var (a, b) = (1, 0)
    for byte in out {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    let sum = stream.suffix(4).reduce(0) { $0 << 8 | Int($1) }
    guard sum == b << 16 | a else { throw Broken() }
    return out
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func next() throws -> Int {
    guard bit < bytes.count * 8 else { throw Broken() }
    defer { bit += 1 }
    return Int(bytes[bit / 8]) >> (bit % 8) & 1
  }

  private mutating func number(_ count: Int) throws -> Int {
    try (0..<count).reduce(0) { $0 | (try next()) << $1 }
  }

  private mutating func code(_ start: Int, _ count: Int) throws -> Int {
    try (0..<count).reduce(start) { value, _ in value << 1 | (try next()) }
  }

  private mutating func symbol() throws -> Int {
    let seven = try code(0, 7)
    if seven <= 0b0010111 { return 256 + seven }
    let eight = try code(seven, 1)
    if (0b00110000...0b10111111).contains(eight) { return eight - 0b00110000 }
    if (0b11000000...0b11000111).contains(eight) { return 280 + eight - 0b11000000 }
    return 144 + (try code(eight, 1)) - 0b110010000
  }

  private mutating func block() throws -> [UInt8] {
    guard try number(3) == 0b011 else { throw Broken() }
    var out: [UInt8] = []
    while true {
      let symbol = try symbol()
      if symbol == 256 { return out }
      if symbol < 256 {
        out.append(UInt8(symbol))
        continue
      }
      guard symbol < 286 else { throw Broken() }
      let length = Self.lengths[symbol - 257] + (try number(Self.lengthBits[symbol - 257]))
      let place = try code(0, 5)
      guard place < 30 else { throw Broken() }
      let distance = Self.distances[place] + (try number(Self.distanceBits[place]))
      guard distance <= out.count, distance <= 32768 else { throw Broken() }
      for _ in 0..<length { out.append(out[out.count - distance]) }
    }
  }
}
