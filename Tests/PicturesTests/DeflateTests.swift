import TestKit
import Testing

@testable import Pictures

@Suite struct DeflateTests {
  @Test("the decoder of these tests reads what zlib wrote")
  func decoder() throws {
    // zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FIXED) of Python's zlib.
    let stream: [UInt8] = [
      120, 1, 99, 56, 241, 159, 97, 20, 17, 135, 74, 50, 82, 21, 10, 75, 51, 147, 179, 21, 146, 138, 242, 203, 243, 20, 210, 242,
      43,
      116, 20, 208, 5, 83, 242, 211, 21, 122, 122, 251, 250, 39, 76, 156, 52, 121, 202, 84, 0, 120, 152, 198, 33,
    ]
    let text = [UInt8]("the quick brown fox, the quick brown dog ".utf8)
    #expect(try Inflate.zlib(stream) == (0..<100).flatMap { _ in [0, 200, 255] as [UInt8] } + text + Array(140..<150))
  }

  @Test("whatever goes in comes out", arguments: [0, 1, 2, 3, 4, 257, 258, 259, 260, 32767, 32768, 32769, 70_000])
  func roundTrip(count: Int) throws {
    var random = SeededGenerator(UInt64(count))
    let kinds: [[UInt8]] = [
      [UInt8](repeating: 7, count: count), (0..<count).map { UInt8($0 / 100 % 256) }, (0..<count).map { UInt8($0 % 251) },
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) },
      (0..<count).map { _ in UInt8.random(in: 0...2, using: &random) },
    ]
    for bytes in kinds { #expect(try Inflate.zlib(Deflate.zlib(bytes)) == bytes) }
  }

  @Test("repetition from every distance and of every length is found and undone")
  func distances() throws {
    var random = SeededGenerator(5)
    let block = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
    for gap in [0, 1, 5, 100, 1000, 5000, 20_000, 32_468, 32_469, 40_000] {
      let filler = [UInt8](repeating: 0, count: gap)
      let bytes = (3...258).reduce(into: block + filler + block) { $0 += block.prefix($1) + filler.prefix($1 % 7) }
      #expect(try Inflate.zlib(Deflate.zlib(bytes)) == bytes)
    }
  }

  @Test("a flat area takes a hundredth and less of its bytes")
  func flat() {
    #expect(Deflate.zlib([UInt8](repeating: 0, count: 100_000)).count < 1000)
  }

  @Test("checksums are those of the standards' examples")
  func checksums() {
    let digits = [UInt8]("123456789".utf8)
    #expect(Raster.crc32(digits) == 0xCBF4_3926 && Deflate.adler32(digits) == 0x091E_01DE)
  }

  @Test(
    "base 64 as in RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, code: String) {
    #expect(Base64.text(of: Array(text.utf8)) == code)
  }
}
