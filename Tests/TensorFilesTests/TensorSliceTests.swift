import ElementTypes
import TensorFiles
import TestKit
import Testing

/// Parts of tensors, by bytes.
@Suite struct TensorSliceTests {
  private func file(_ storage: StorageType, _ shape: [Int]) throws -> MemoryTensorFile {
    let size = try storage.size(of: shape.map { UInt64($0) })
    return try MemoryTensorFile([
      ("before", .element(.u8), [3], [9, 9, 9]),
      ("a", storage, shape, (0..<Int(size.bytes)).map { UInt8(truncatingIfNeeded: $0) }),
    ])
  }

  private func first(_ slice: TensorSlice?) -> UInt8? {
    slice?.withBytes { unsafe $0.unsafeLoad(as: UInt8.self) }
  }

  @Test("a slice begins at its elements, wherever the tensor lies in the file")
  func elements() throws {
    let file = try file(.element(.bf16), [4, 8])
    let slice = try #require(TensorSlice(of: file.tensors[1], in: file.bytes, elements: 8..<24))
    #expect(slice.byteCount == 32 && slice.count == 16 && slice.type == .bf16 && first(slice) == 16)
  }

  @Test("a slice that begins inside a byte or a block is none")
  func inside() throws {
    let nibbles = try file(.element(.f4), [2, 6])
    #expect(TensorSlice(of: nibbles.tensors[1], in: nibbles.bytes, elements: 1..<6) == nil)
    #expect(TensorSlice(of: nibbles.tensors[1], in: nibbles.bytes, elements: 2..<6)?.byteCount == 2)
    let blocks = try file(.blocks(BlockFormat(name: "Q8_0", numbers: 32, bytes: 34)), [2, 64])
    #expect(TensorSlice(of: blocks.tensors[1], in: blocks.bytes, elements: 16..<64) == nil)
    #expect(first(TensorSlice(of: blocks.tensors[1], in: blocks.bytes, elements: 32..<64)) == 34)
  }

  @Test("the part that covers some elements is made of whole bytes or blocks")
  func covering() throws {
    let blocks = try file(.blocks(BlockFormat(name: "Q8_0", numbers: 32, bytes: 34)), [2, 64])
    let all = try #require(TensorSlice(of: blocks.tensors[1], in: blocks.bytes))
    let part = all.covering(40..<70)
    #expect(part.byteCount == 68 && part.count == 64 && first(part) == 34)
    let nibbles = try file(.element(.f4), [2, 6])
    let pair = try #require(TensorSlice(of: nibbles.tensors[1], in: nibbles.bytes)).covering(3..<4)
    #expect(pair.byteCount == 1 && pair.count == 2 && first(pair) == 1)
  }

  @Test("blocks can be taken as bytes")
  func bytes() throws {
    let blocks = try file(.blocks(BlockFormat(name: "Q8_0", numbers: 32, bytes: 34)), [1, 64])
    let all = try #require(TensorSlice(of: blocks.tensors[1], in: blocks.bytes)).asBytes
    #expect(all.type == .u8 && all.count == 68 && all.byteCount == 68)
    #expect(blocks.tensors[1].type == nil && blocks.tensors[0].type == .u8)
  }

  @Test("to read blocks as single numbers stops the program")
  func trap() async {
    await #expect(processExitsWith: .failure) {
      let format = BlockFormat(name: "Q8_0", numbers: 32, bytes: 34)
      let file = try MemoryTensorFile([("a", .blocks(format), [32], [UInt8](repeating: 0, count: 34))])
      _ = TensorSlice(of: file.tensors[0], in: file.bytes)?.type
    }
  }
}
