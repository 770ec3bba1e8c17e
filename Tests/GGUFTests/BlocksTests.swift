import ElementTypes
import JSON
import Quantisation
import TensorFiles
import TestKit
import Testing

@testable import GGUF

/// The file that the reference wrote, with the numbers that it decodes each format to; see testdata/oracle/gguf_blocks.py.
@Suite struct BlocksTests {
  static let path = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/testdata/gguf/blocks.gguf"

  @Test("the numbers of every block format are those of the reference in every bit", arguments: BlockType.allCases)
  func decode(type: BlockType) throws {
    let file = try GGUFFile(FileBytes(path: Self.path))
    let stored = try #require(file.tensors.first { $0.name.string == "\(type.name)" })
    let wanted = try #require(file.tensors.first { $0.name.string == "\(type.name).f32" })
    #expect(stored.storage == .blocks(BlockFormat(name: type.name, numbers: type.numbers, bytes: type.bytes)))
    #expect(stored.shape == wanted.shape)
    let numbers = values(of: wanted, in: file)
    var found = [Float](repeating: 0, count: stored.elementCount)
    var span = found.mutableSpan
    file.bytes.withBytes(in: stored.byteRange) { bytes in
      type.decode(bytes, blocks: 0..<stored.elementCount / type.numbers, into: &span, at: 0)
    }
    #expect(numbers.contains { $0 != 0 })
    for i in found.indices where !(found[i].isNaN && numbers[i].isNaN) {
      #expect(found[i].bitPattern == numbers[i].bitPattern, "number \(i): \(found[i]), wanted \(numbers[i])")
    }
  }

  @Test("any range of numbers is decoded as a part of the whole", arguments: BlockType.allCases)
  func ranges(type: BlockType) throws {
    let file = try GGUFFile(FileBytes(path: Self.path))
    let stored = try #require(file.tensors.first { $0.name.string == "\(type.name)" })
    let (count, size) = (stored.elementCount, type.numbers)
    let whole = decoded(type, stored, 0..<count, in: file)
    for range in [0..<0, 0..<1, 1..<size, size - 1..<size + 1, 3..<2 * size - 5, size..<2 * size, 5..<9, count - 1..<count] {
      let found = decoded(type, stored, range, in: file)
      #expect(found.map(\.bitPattern) == whole[range].map(\.bitPattern), "\(range)")
    }
  }

  private func decoded(_ type: BlockType, _ tensor: Tensor, _ range: Range<Int>, in file: GGUFFile) -> [Float] {
    var found = [Float](repeating: .nan, count: range.count)
    var span = found.mutableSpan
    file.bytes.withBytes(in: tensor.byteRange) { type.decode($0, numbers: range, into: &span, at: 0) }
    return found
  }

  private func values(of tensor: Tensor, in file: GGUFFile) -> [Float] {
    var found = [Float](repeating: 0, count: tensor.elementCount)
    var span = found.mutableSpan
    file.bytes.withBytes(in: tensor.byteRange) { widen($0, as: .f32, from: 0, count: tensor.elementCount, into: &span) }
    return found
  }

  @Test("keys and values of the reference's writer are read")
  func keys() throws {
    let file = try GGUFFile(FileBytes(path: Self.path))
    #expect(file.description.version == 3)
    #expect(file.description.value("general.architecture") == .string("llama"))
    #expect(file.description.value("oracle.seed") == .unsigned(17))
    #expect(file.description.value("oracle.formats")?.count == UInt64(BlockType.allCases.count))
    #expect(file.warnings.isEmpty)
    #expect(file.configuration?["gguf_architecture"]?.string == "llama")
    #expect(file.tensors.count == 2 * BlockType.allCases.count)
  }
}
