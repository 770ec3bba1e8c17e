import ElementTypes
import TensorFiles
import Testing

/// Sizes that a file claims are checked before anything is done with them.
@Suite struct StorageTypeTests {
  private let q4k = StorageType.blocks(BlockFormat(name: "Q4_K", numbers: 256, bytes: 144))

  @Test("a shape of blocks takes the bytes of its whole blocks")
  func blocks() throws {
    let size = try q4k.size(of: [3, 512])
    #expect(size.elements == 1536 && size.bytes == 864 && q4k.name == "Q4_K")
    #expect(q4k.byteRange(of: 256..<768) == 144..<432)
    #expect(q4k.byteRange(of: 128..<256) == nil && q4k.byteCount(of: 100) == nil)
  }

  @Test("a row that is no whole number of blocks is refused, even where the whole tensor would be one")
  func partialBlock() {
    #expect(throws: StorageType.SizeFault.partialBlock(row: 128)) { try q4k.size(of: [2, 128]) }
  }

  @Test("a shape beyond 64 bits is refused, a zero hides only what comes after it", arguments: [true, false])
  func overflow(_ isBlocks: Bool) {
    let type = isBlocks ? q4k : .element(.u8)
    #expect(throws: StorageType.SizeFault.tooManyElements) { try type.size(of: [.max, 512, 0]) }
    #expect(throws: Never.self) { try type.size(of: [0, .max, 512]) }
    #expect(throws: StorageType.SizeFault.tooManyBits) { try type.size(of: [1 << 63]) }
  }

  @Test("more bytes than an Int counts are refused for blocks")
  func manyBytes() {
    let large = StorageType.blocks(BlockFormat(name: "large", numbers: 1, bytes: 16))
    #expect(throws: StorageType.SizeFault.tooManyBits) { try large.size(of: [1 << 60]) }
    #expect(BlockFormat(name: "large", numbers: 1, bytes: 16).byteCount(of: .max) == nil)
  }

  @Test("numbers narrower than a byte have to fill whole bytes")
  func nibbles() throws {
    #expect(throws: StorageType.SizeFault.partialByte(bits: 60)) { try StorageType.element(.f4).size(of: [3, 5]) }
    #expect(try StorageType.element(.f4).size(of: [3, 2]).bytes == 3)
    #expect(StorageType.element(.f4).byteRange(of: 1..<2) == nil)
  }

  @Test("formats are equal by name and sizes")
  func equality() {
    #expect(q4k == .blocks(BlockFormat(name: "Q4_K", numbers: 256, bytes: 144)))
    #expect(q4k != .blocks(BlockFormat(name: "Q4_K", numbers: 256, bytes: 145)))
    #expect(q4k != .blocks(BlockFormat(name: "Q4_1", numbers: 256, bytes: 144)))
    #expect(Set([q4k, .element(.u8), q4k]).count == 2)
  }
}
