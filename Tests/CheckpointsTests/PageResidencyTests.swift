import ElementTypes
import Foundation
import TestKit
import Testing

import TensorFiles

@testable import Checkpoints

/// How much of a checkpoint is in memory, and how it goes back.
@Suite struct PageResidencyTests {
  private static let pages = 640
  private let folder = TemporaryFolder()

  private static let canEvict: Bool = {
    let folder = TemporaryFolder()
    guard let path = try? folder.write([UInt8](repeating: 1, count: PageCache.pageSize), to: "a") else { return false }
    return PageCache.evict(path)
  }()

  /// Tensors of two pages each, one behind the other.
  private func checkpoint(_ name: String = "model.safetensors") throws -> Checkpoint {
    var builder = SafetensorsBuilder()
    builder.alignment = PageCache.pageSize
    for i in 0..<Self.pages / 2 {
      builder.add(
        "t\(1000 + i)", .u8, shape: [2 * PageCache.pageSize],
        bytes: Array(repeating: UInt8(i % 251), count: 2 * PageCache.pageSize))
    }
    return try Checkpoint.open(builder.write(to: folder, as: name))
  }

  /// Reads all of a checkpoint and returns the address where its data begin.
  private func touch(_ checkpoint: Checkpoint) throws -> UInt {
    var start: UInt = 0
    for (i, tensor) in checkpoint.tensors.enumerated() {
      checkpoint.withBytes(of: tensor) { bytes in
        let value = unsafe bytes.unsafeLoad(fromByteOffset: PageCache.pageSize, as: UInt8.self)
        let first = unsafe bytes.unsafeLoad(as: UInt8.self)
        #expect(value == UInt8(i % 251) && first == value)
        if i == 0 { start = unsafe bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
      }
    }
    return start
  }

  /// Drops a file from memory. Its header was read, and what is mapped cannot be dropped.
  private func unmapAndEvict(_ checkpoint: Checkpoint, shard: Int) -> Bool {
    let file = checkpoint.shards[shard]
    var header = MappedRanges()
    header.insert(
      TensorSlice(
        file: file.bytes, bytes: 0..<file.size / PageCache.pageSize * PageCache.pageSize, storage: .element(.u8), count: 0))
    header.release()
    return PageCache.evict(file.path)
  }

  private func runs(_ checkpoint: Checkpoint, _ tensors: some Sequence<Int>) throws -> MappedRanges {
    var ranges = MappedRanges()
    for i in tensors { ranges.insert(try #require(checkpoint.slice(of: checkpoint.tensors[i]))) }
    return ranges
  }

  @Test("a checkpoint is largely resident from nine tenths on", .enabled(if: canEvict))
  func largelyResident() throws {
    let checkpoint = try checkpoint()
    let path = checkpoint.files[0].path
    #expect(unmapAndEvict(checkpoint, shard: 0) && !checkpoint.isLargelyResident)
    let all = Self.pages + checkpoint.tensors[0].byteRange.lowerBound / PageCache.pageSize
    PageCache.read(path, pages: 0..<all * 8 / 10)
    #expect(!checkpoint.isLargelyResident)
    PageCache.read(path, pages: all * 8 / 10..<all * 95 / 100)
    #expect(checkpoint.isLargelyResident)
  }

  @Test("of two shards both count", .enabled(if: canEvict))
  func shards() throws {
    var builder = SafetensorsBuilder()
    for name in ["a", "b"] { builder.add(name, .u8, shape: [1 << 20], bytes: Array(repeating: 7, count: 1 << 20)) }
    try builder.writeShards(2, to: folder)
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.isLargelyResident)
    #expect(unmapAndEvict(checkpoint, shard: 1) && !checkpoint.isLargelyResident)
  }

  @Test(
    "ranges go back as one where they touch, whatever their order, each of their pages", arguments: [false, true])
  func ranges(retiring: Bool) throws {
    let checkpoint = try checkpoint()
    let start = try touch(checkpoint)
    let mapped = { PageCache.mappedPages(at: start, count: Self.pages) }
    guard mapped() != nil else { return }
    #expect(mapped() == Self.pages)
    var order = Array(0..<40)
    var generator = SeededGenerator(3)
    order.shuffle(using: &generator)
    // One of them twice, as where two weights are parts of one tensor.
    let some = try runs(checkpoint, order + [7] + [100])
    #expect(
      some.byteCount == 42 * 2 * PageCache.pageSize
        && some.pieces(of: .max).map(\.byteCount) == [80, 2].map { $0 * PageCache.pageSize })
    if retiring { some.retire() } else { some.release() }
    // Of a large page of which a part goes back the system unmaps the rest too.
    let left = try #require(mapped())
    #expect(left <= Self.pages - 82, "\(left) pages are left")
    _ = try touch(checkpoint)
    // Optimised, the checkpoint would go with its last use.
    withExtendedLifetime(checkpoint) { #expect(mapped() == Self.pages) }
  }

  @Test("pieces are of about one size, miss nothing and stay below their limit", arguments: [1, 2, 3, 7, 640, 10_000])
  func pieces(limit: Int) throws {
    let checkpoint = try checkpoint()
    let start = try touch(checkpoint)
    let pieces = try runs(checkpoint, 0..<Self.pages / 2).pieces(of: limit * PageCache.pageSize)
    #expect(pieces.count == (Self.pages + limit - 1) / limit)
    #expect(pieces.nonEmptyAllSatisfy { $0.byteCount <= limit * PageCache.pageSize + pieces.count })
    #expect(pieces.reduce(0) { $0 + $1.byteCount } == Self.pages * PageCache.pageSize)
    for piece in pieces { piece.release() }
    // A page that two pieces share stays.
    if let left = PageCache.mappedPages(at: start, count: Self.pages) { #expect(left < pieces.count) }
  }

  @Test("two files are never one range, and no range is no call")
  func files() throws {
    let (a, b) = (try checkpoint("a.safetensors"), try checkpoint("b.safetensors"))
    let starts = [try touch(a), try touch(b)]
    var ranges = try runs(a, 0..<10)
    ranges.insert(try #require(b.slice(of: b.tensors[5])))
    #expect(!ranges.isEmpty && MappedRanges().isEmpty && MappedRanges().pieces(of: 1).isEmpty)
    #expect(ranges.pieces(of: .max).map(\.byteCount).sorted() == [2, 20].map { $0 * PageCache.pageSize })
    ranges.release()
    MappedRanges().retire()
    let left = starts.map { PageCache.mappedPages(at: $0, count: Self.pages) }
    for case (let left?, let gone) in zip(left, [20, 2]) { #expect(left <= Self.pages - gone, "\(left) pages are left") }
  }
}
