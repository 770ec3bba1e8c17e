import ElementTypes
import TestKit
import Testing

import TensorFiles

@testable import Checkpoints

@Suite struct ContentHashTests {
  private let folder = TemporaryFolder()

  private func builder() -> SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    for (index, name) in ["a", "b", "c", "d"].enumerated() {
      builder.add(name, .f32, shape: [3, index + 1], floats: (0..<3 * (index + 1)).map { Float($0 * index) })
    }
    return builder
  }

  @Test("the hash of a known model is a known one")
  func known() throws {
    var one = SafetensorsBuilder()
    one.add("ab", .u8, shape: [3], bytes: [1, 2, 3])
    let checkpoint = try Checkpoint.open(one.write(to: folder))
    // Python: sha256(le(2) + b"ab" + le(2) + b"U8" + le(1) + le(3) + sha256(bytes([1, 2, 3])).digest())
    #expect(try checkpoint.contentHash(threads: 1) == "b8c99eecf1162c409bbd64a47b4d05834e931ba383133c70a70891a1afffce46")
  }

  @Test("shards, order, padding, alignment and metadata do not change the hash")
  func independent() throws {
    let reference = try Checkpoint.open(builder().write(to: folder)).contentHash(threads: 1)
    var other = builder()
    other.tensors.reverse()
    other.metadata = [("format", "pt")]
    other.alignment = 64
    other.misalignment = 3
    #expect(try Checkpoint.open(other.write(to: folder, as: "other.safetensors")).contentHash(threads: 1) == reference)
    let shards = try builder().writeShards(3, to: folder)
    #expect(try Checkpoint.open(shards).contentHash(threads: 2) == reference)
  }

  @Test("one bit, one name, one type or one shape changes the hash")
  func sensitive() throws {
    var hashes: Set<String> = []
    var builders = [builder()]
    for change in 0..<4 {
      var changed = builder()
      switch change {
      case 0: changed.tensors[2].bytes[5] ^= 1
      case 1: changed.tensors[2].name = "cc"
      case 2: changed.tensors[2].type = .i32
      default: changed.tensors[2].shape = [9]
      }
      builders.append(changed)
    }
    for (index, builder) in builders.enumerated() {
      hashes.insert(try Checkpoint.open(builder.write(to: folder, as: "\(index).safetensors")).contentHash(threads: 2))
    }
    #expect(hashes.count == 5)
  }

  @Test("any number of threads gives the same hash, and progress counts every byte")
  func threads() throws {
    let checkpoint = try Checkpoint.open(builder().write(to: folder))
    let hashes = Set(try [0, 1, 2, 3, 16].map { try checkpoint.contentHash(threads: $0) })
    #expect(hashes.count == 1)
    #expect(hashes.first?.count == 64)
    let counter = Counter()
    _ = try checkpoint.contentHash(threads: 3) { counter.add($0) }
    #expect(counter.total == checkpoint.totalBytes)
  }
}
