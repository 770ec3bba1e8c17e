/// A picture of pixels that can be written as PNG.
///
/// ```swift
/// var raster = Raster(width: 200, height: 100)
/// raster.fill(x: 10..<20, y: 5..<15, HeatScale.paper.colour(level: 50))
/// raster.png()
/// ```
struct Raster {
  let width: Int
  let height: Int
  private(set) var pixels: [Colour]

  /// Creates a white picture.
  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    pixels = [Colour](repeating: .white, count: width * height)
  }

  subscript(x: Int, y: Int) -> Colour { pixels[y * width + x] }

  /// Fills a rectangle. Parts outside the picture are left out.
  mutating func fill(x: Range<Int>, y: Range<Int>, _ colour: Colour) {
    let columns = x.clamped(to: 0..<width)
    for row in y.clamped(to: 0..<height) {
      for column in columns { pixels[row * width + column] = colour }
    }
  }

  /// Draws diagonal lines on white, for undefined cells. The lines continue from one cell to the next.
  mutating func hatch(x: Range<Int>, y: Range<Int>, pitch: Int, _ colour: Colour) {
    for row in y.clamped(to: 0..<height) {
      for column in x.clamped(to: 0..<width) {
        pixels[row * width + column] = (row + column) % pitch < max(1, pitch / 5) ? colour : .white
      }
    }
  }

  /// Draws a straight line with round ends and smooth edges over the existing pixels. Coordinates refer to the corners of
  /// pixels.
  mutating func stroke(from p: (x: Double, y: Double), to q: (x: Double, y: Double), width line: Double, _ colour: Colour) {
    let reach = line / 2 + 1
    let columns = Int(min(p.x, q.x) - reach)..<Int(max(p.x, q.x) + reach) + 1
    let rows = Int(min(p.y, q.y) - reach)..<Int(max(p.y, q.y) + reach) + 1
    let (dx, dy) = (q.x - p.x, q.y - p.y)
    let square = dx * dx + dy * dy
    for row in rows.clamped(to: 0..<height) {
      for column in columns.clamped(to: 0..<width) {
        let (x, y) = (Double(column) + 0.5 - p.x, Double(row) + 0.5 - p.y)
        let along = square > 0 ? min(max((x * dx + y * dy) / square, 0), 1) : 0
        let (ex, ey) = (x - along * dx, y - along * dy)
        let share = line / 2 + 0.5 - (ex * ex + ey * ey).squareRoot()
        guard share > 0 else { continue }
        let i = row * width + column
        pixels[i] = pixels[i].covered(by: colour, share: share)
      }
    }
  }

  /// The picture as a PNG file (ISO/IEC 15948): eight bits for each channel, each row stored as its difference from the row
  /// above. Colours are not indexed, because smooth text over cells has more colours than a palette holds. The differences are
  /// nearly all zero either way.
  func png() -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(height * (1 + 3 * width))
    for y in 0..<height {
      rows.append(2)  // the filter "up"
      for x in 0..<width {
        let (here, above) = (self[x, y], y > 0 ? self[x, y - 1] : Colour(grey: 0))
        rows.append(here.red &- above.red)
        rows.append(here.green &- above.green)
        rows.append(here.blue &- above.blue)
      }
    }
    let header = Deflate.bigEndian(UInt32(width)) + Deflate.bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
      + Self.chunk("IDAT", Deflate.zlib(rows)) + Self.chunk("IEND", [])
  }

  private static func chunk(_ kind: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + bytes
    return Deflate.bigEndian(UInt32(bytes.count)) + body + Deflate.bigEndian(crc32(body))
  }

  /// The checksum of ISO/IEC 15948, annex D.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8 }
  }

  private static let crcTable: [UInt32] = (0..<256).map { n in
    (0..<8).reduce(UInt32(n)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
  }
}
