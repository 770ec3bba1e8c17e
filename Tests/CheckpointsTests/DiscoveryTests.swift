import ElementTypes
import Foundation
import TestKit
import Testing

import TensorFiles

@testable import Checkpoints

@Suite struct DiscoveryTests {
  private let folder = TemporaryFolder()

  private func add(_ path: String) throws {
    var builder = SafetensorsBuilder()
    builder.add("a", .u8, shape: [1], bytes: [1])
    try builder.write(to: folder, as: path)
  }

  private func found() throws -> [String] {
    try Checkpoint.find(below: folder.path).map { "\($0.path.dropFirst(folder.path.count + 1)) \($0.kind)" }
  }

  @Test("models are found in sorted order, shards only as parts of theirs")
  func tree() throws {
    try add("b/model.safetensors")
    var builder = SafetensorsBuilder()
    for name in ["x", "y"] { builder.add(name, .u8, shape: [1], bytes: [1]) }
    try builder.writeShards(2, to: folder, below: "a/sharded/")
    try add("c/one.safetensors")
    try add("c/two.safetensors")
    try add("d/model-00001-of-00002.safetensors")
    try add("e/adapter_model.safetensors")
    try add("f/models--o--n/snapshots/1/model.safetensors")
    try folder.write("1", to: "f/models--o--n/refs/main")
    #expect(
      try found() == [
        "a/sharded folder", "b folder", "c/one.safetensors file", "c/two.safetensors file", "d broken", "e adapter",
        "f/models--o--n hubCache",
      ])
    for model in try Checkpoint.find(below: folder.path) {
      if model.kind == .broken || model.kind == .adapter {
        #expect(throws: CheckpointError.self) { try model.open() }
      } else {
        #expect(throws: Never.self) { try model.open() }
      }
    }
  }

  @Test("hidden folders, blobs of a cache and the original beside a model are passed over, its sub-folders are not")
  func passedOver() throws {
    try add("model.safetensors")
    try add(".cache/model.safetensors")
    try add("original/consolidated.safetensors")
    try add("checkpoint-10/model.safetensors")
    #expect(try Checkpoint.find(below: folder.path).map(\.path) == [folder.path, folder.path + "/checkpoint-10"])
  }

  @Test("a folder reached twice through links is one model, and loops end")
  func links() throws {
    try add("a/model.safetensors")
    try folder.link("b", to: "a")
    try folder.link("a/loop", to: "..")
    #expect(try Checkpoint.find(below: folder.path).count == 1)
  }

  @Test("a model with a dangling file is found and fails when it is opened")
  func dangling() throws {
    try folder.link("a/model.safetensors", to: "gone")
    let models = try Checkpoint.find(below: folder.path)
    #expect(models.count == 1)
    #expect(throws: CheckpointError.self) { try models[0].open() }
  }

  @Test("a folder that may not be read is an entry with an error", .enabled(if: getuid() != 0))
  func unreadable() throws {
    try add("a/b.safetensors")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.path + "/a")
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path + "/a") }
    #expect(try found() == ["a broken"])
  }

  @Test("a file's own path finds that file, and a path where nothing is throws")
  func roots() throws {
    try add("x.safetensors")
    #expect(try Checkpoint.find(below: folder.path + "/x.safetensors").map(\.kind) == [.file])
    let error = #expect(throws: CheckpointError.self) { try Checkpoint.find(below: folder.path + "/none") }
    #expect(error?.kind == .noSuchFile)
    #expect(try Checkpoint.find(below: folder.folder("empty")).isEmpty)
  }
}
