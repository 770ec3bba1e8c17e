@testable import Pictures

/// The pixels of a PNG file of eight bits a channel without interlacing.
struct DecodedPNG {
  struct Broken: Error {}

  let width: Int
  let height: Int
  private let bytes: [UInt8]

  init(_ file: [UInt8]) throws {
    guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { throw Broken() }
    var chunks: [(kind: String, body: [UInt8])] = []
    var at = 8
    while at < file.count {
      let number = { (place: Int) in file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
      let end = at + 8 + number(at)
      guard Raster.crc32(Array(file[at + 4..<end])) == UInt32(number(end)) else { throw Broken() }
      chunks.append((String(decoding: file[at + 4..<at + 8], as: UTF8.self), Array(file[at + 8..<end])))
      at = end + 4
    }
    guard chunks.map(\.kind) == ["IHDR", "IDAT", "IEND"], chunks[0].body.suffix(5) == [8, 2, 0, 0, 0] else { throw Broken() }
    width = chunks[0].body[0..<4].reduce(0) { $0 << 8 | Int($1) }
    height = chunks[0].body[4..<8].reduce(0) { $0 << 8 | Int($1) }
    let rows = try Inflate.zlib(chunks[1].body)
    let stride = 3 * width + 1
    guard rows.count == stride * height else { throw Broken() }
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height {
      guard rows[y * stride] == 2 else { throw Broken() }
      for x in 0..<3 * width {
        pixels[y * 3 * width + x] = rows[y * stride + 1 + x] &+ (y > 0 ? pixels[(y - 1) * 3 * width + x] : 0)
      }
    }
    bytes = pixels
  }

  subscript(x: Int, y: Int) -> Colour {
    let i = 3 * (y * width + x)
    return Colour(red: bytes[i], green: bytes[i + 1], blue: bytes[i + 2])
  }
}
