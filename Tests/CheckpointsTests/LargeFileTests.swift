import Foundation
import TestKit
import Testing

import TensorFiles

@testable import Checkpoints

/// The `big` cases of the corpus: too large to keep, cheap to make as sparse files.
@Suite struct LargeFileTests {
  private let folder = TemporaryFolder()

  /// A file that begins with `start`, a length field with `header` before its padding, and goes on with a hole.
  private func sparse(_ header: String, length: Int, size: Int, padding: Bool = false) throws -> String {
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
    if padding { bytes += [UInt8](repeating: 0x20, count: 8 + length - bytes.count) }
    let path = try folder.write(bytes, to: "model.safetensors")
    try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: UInt64(size))
    return path
  }

  @Test("a header of exactly 100,000,000 bytes is accepted")
  func limit() throws {
    let path = try sparse("{}", length: 100_000_000, size: 100_000_008, padding: true)
    #expect(try Checkpoint.open(path).tensors.isEmpty)
  }

  @Test("a header of 100,000,001 bytes is refused")
  func beyond() throws {
    let path = try sparse("{}", length: 100_000_001, size: 100_000_009)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint.open(path) }
    #expect(error?.kind == .invalid)
  }

  @Test("a tensor of 5 GB has offsets beyond 32 bits, and its last byte is reached")
  func offsets() throws {
    let header = "{\"t\":{\"dtype\":\"U8\",\"shape\":[5000000000],\"data_offsets\":[0,5000000000]}}"
    let path = try sparse(header, length: header.utf8.count, size: 5_000_000_008 + header.utf8.count)
    let checkpoint = try Checkpoint.open(path)
    let tensor = try #require(checkpoint.tensor(named: "t"))
    #expect(tensor.byteCount == 5_000_000_000)
    let last = checkpoint.withBytes(of: tensor, in: 4_999_999_999..<5_000_000_000) { unsafe $0.unsafeLoad(as: UInt8.self) }
    #expect(last == 0)
  }

  @Test("an index of 200,000 entries is read")
  func largeIndex() throws {
    let count = 200_000
    var entries = ""
    var map = ""
    for index in 0..<count {
      let comma = index == 0 ? "" : ","
      entries += "\(comma)\"t\(index)\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[\(index),\(index + 1)]}"
      map += "\(comma)\"t\(index)\":\"a.safetensors\""
    }
    let data = [UInt8](repeating: 0, count: count)
    try folder.write(SafetensorsBuilder.bytes(header: "{\(entries)}", data: data), to: "a.safetensors")
    try folder.write("{\"weight_map\":{\(map)}}", to: "model.safetensors.index.json")
    #expect(try Checkpoint.open(folder.path).tensors.count == count)
  }
}
