import ElementTypes
import Foundation
import TestKit
import Testing

import TensorFiles

@testable import Checkpoints

/// Which file is the model, and what is said when there is none.
@Suite struct CheckpointTests {
  private let folder = TemporaryFolder()

  private func model(_ names: String...) -> SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    for (number, name) in names.enumerated() { builder.add(name, .f32, shape: [2], floats: [Float(number), 1]) }
    return builder
  }

  private func failure(_ path: String) -> CheckpointError? {
    do {
      _ = try Checkpoint.open(path)
      return nil
    } catch { return error }
  }

  @Test("a folder with shards is opened as one model, sorted by name")
  func shards() throws {
    try model("c", "a", "d", "b").writeShards(2, to: folder)
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensors.map(\.name.string) == ["a", "b", "c", "d"])
    #expect(checkpoint.tensors.map(\.file) == [0, 1, 0, 1])
    #expect(checkpoint.files.count == 2 && checkpoint.totalBytes == 32 && checkpoint.warnings.isEmpty)
    let first = checkpoint.withBytes(of: checkpoint.tensors[3], in: 0..<4) { unsafe $0.unsafeLoadUnaligned(as: Float.self) }
    #expect(first == 2, "d was the third to be added")
    #expect(try Checkpoint.open(folder.path + "/model.safetensors.index.json").tensors == checkpoint.tensors)
  }

  @Test("model.safetensors goes before an index, with a warning")
  func both() throws {
    try model("a", "b").writeShards(2, to: folder)
    try model("single").write(to: folder)
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensors.map(\.name.string) == ["single"])
    #expect(checkpoint.warnings.count == 1)
  }

  @Test("one shard given by its path is opened alone, with a warning that there is more")
  func oneShard() throws {
    try model("a", "b").writeShards(2, to: folder)
    let checkpoint = try Checkpoint.open(folder.path + "/model-00002-of-00002.safetensors")
    #expect(checkpoint.tensors.map(\.name.string) == ["b"])
    #expect(checkpoint.warnings.count == 1)
  }

  @Test(
    "the only safetensors file of a folder is the model, whatever stands beside it",
    arguments: ["consolidated.safetensors", "optimizer.safetensors", "pytorch_model.bin", "config.json"])
  func only(_ other: String) throws {
    try model("a").write(to: folder, as: "weights.safetensors")
    try folder.write([1, 2, 3], to: other)
    #expect(try Checkpoint.open(folder.path).tensors.count == 1)
  }

  @Test("the fp16 variant is taken when there is no other, as one file or as shards")
  func variant() throws {
    try model("a").write(to: folder, as: "model.fp16.safetensors")
    #expect(try Checkpoint.open(folder.path).tensors.count == 1)
    let other = TemporaryFolder()
    try model("a", "b").writeShards(2, to: other)
    try FileManager.default.moveItem(
      atPath: other.path + "/model.safetensors.index.json", toPath: other.path + "/model.safetensors.index.fp16.json")
    #expect(try Checkpoint.open(other.path).tensors.count == 2)
  }

  @Test("several models in a folder are an error that names them")
  func several() throws {
    try model("a").write(to: folder, as: "x.safetensors")
    try model("a").write(to: folder, as: "y.safetensors")
    let error = try #require(failure(folder.path))
    #expect(error.kind == .invalid && error.description.contains("x.safetensors, y.safetensors"))
  }

  @Test("shards without an index are an error that names the index")
  func noIndex() throws {
    try model("a").write(to: folder, as: "model-00001-of-00002.safetensors")
    #expect(failure(folder.path)?.description.contains("model.safetensors.index.json") == true)
  }

  @Test("other formats are an error that says how to convert", arguments: ["pytorch_model.bin", "model.onnx", "model.pth"])
  func foreign(_ name: String) throws {
    let path = try folder.write([1, 2, 3], to: name)
    for path in [path, folder.path] {
      let error = try #require(failure(path))
      #expect(error.kind == .invalid && error.remedy.contains("safetensors"))
    }
  }

  @Test("an adapter folder is refused as what it is")
  func adapter() throws {
    try model("a").write(to: folder, as: "adapter_model.safetensors")
    try folder.write("{}", to: "adapter_config.json")
    let error = try #require(failure(folder.path))
    #expect(error.kind == .adapter)
  }

  @Test("a tensor in another shard than the index says is an error that names both")
  func wrongShard() throws {
    try model("a", "c", "b").writeShards(2, to: folder)
    try folder.write(
      """
      {"weight_map":{"a":"model-00002-of-00002.safetensors","b":"model-00002-of-00002.safetensors","c":"model-00001-of-00002.safetensors"}}
      """,
      to: "model.safetensors.index.json")
    let error = try #require(failure(folder.path))
    #expect(error.tensor == TensorName("a") && error.description.contains("model-00001-of-00002"))
  }

  @Test("an empty weight_map is refused, a missing metadata is not")
  func emptyMap() throws {
    try model("a").write(to: folder, as: "a.safetensors")
    let path = try folder.write("{\"weight_map\":{}}", to: "model.safetensors.index.json")
    #expect(failure(path)?.kind == .invalid)
    try folder.write("{\"weight_map\":{\"a\":\"a.safetensors\"}}", to: "model.safetensors.index.json")
    #expect(try Checkpoint.open(path).tensors.count == 1)
  }

  @Test("shards may lie in sub-folders and behind links")
  func subfolders() throws {
    try model("a").write(to: folder, as: "blobs/1234")
    try folder.link("m/sub/a.safetensors", to: "../../blobs/1234")
    try folder.write("{\"weight_map\":{\"a\":\"sub/a.safetensors\"}}", to: "m/model.safetensors.index.json")
    let checkpoint = try Checkpoint.open(folder.path + "/m")
    #expect(checkpoint.tensors.count == 1 && checkpoint.warnings.isEmpty && checkpoint.name == "m")
  }

  @Test(
    "a shard path that could leave the folder is refused",
    arguments: [
      "", ".", "..", "/abs.safetensors", "../a.safetensors", "a/../b.safetensors", "a//b.safetensors", "a\\b.safetensors",
      "\\\\host\\a.safetensors", "C:/a.safetensors", "C:a.safetensors", "a.safetensors/", "a.bin", "a.SAFETENSORS",
      "a\0.safetensors",
    ])
  func paths(_ path: String) { #expect(ShardIndex.plainPath(path) == nil) }

  @Test(
    "a shard path inside the folder is taken",
    arguments: ["a.safetensors", "sub/a.safetensors", "..a.safetensors", "é.safetensors"])
  func innerPaths(_ path: String) { #expect(ShardIndex.plainPath(path) == path) }

  @Test("a repository of a cache is opened through refs/main, else at its newest snapshot")
  func cache() throws {
    try model("old").write(to: folder, as: "models--o--n/snapshots/1/model.safetensors")
    try model("new").write(to: folder, as: "models--o--n/snapshots/0/model.safetensors")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000)], ofItemAtPath: folder.path + "/models--o--n/snapshots/1")
    let path = folder.path + "/models--o--n"
    #expect(try Checkpoint.open(path).tensors[0].name.string == "new")
    try folder.write("1", to: "models--o--n/refs/main")
    #expect(try Checkpoint.open(path + "/").tensors[0].name.string == "old")
    #expect(try Checkpoint.open(path).name == "o/n")
    #expect(try Checkpoint.open(path + "/snapshots/0").name == "o/n")
    try folder.write("2", to: "models--o--n/refs/main")
    #expect(failure(path)?.kind == .invalid)
  }

  @Test("what is no file is an error of its own kind and one line")
  func kinds() throws {
    #expect(failure(folder.path + "/none")?.kind == .noSuchFile)
    #expect(failure("/dev/zero")?.kind == .invalid)
    #expect(failure(folder.path)?.kind == .invalid)
    try folder.link("a\n.safetensors", to: "gone")
    let error = try #require(failure(folder.path + "/a\n.safetensors"))
    #expect(error.kind == .noSuchFile && !error.description.contains("\n"))
    try folder.folder("model.safetensors")
    #expect(failure(folder.path)?.kind == .invalid)
  }

  @Test("the message of a cut file names file, tensor and byte")
  func message() throws {
    let header = "{\"a\\n\":{\"dtype\":\"F32\",\"shape\":[4,8],\"data_offsets\":[0,96]}}"
    let path = try folder.write(
      SafetensorsBuilder.bytes(header: header, data: [UInt8](repeating: 0, count: 96)), to: "m.safetensors")
    let line = try #require(failure(path)).description
    #expect(
      line.hasPrefix(path + #": tensor "a\n": data_offsets [0, 96] do not match shape [4, 8] of F32 (128 bytes), byte 15; "#))
  }

  @Test("a file that is cut while it is open is reported")
  func cut() throws {
    let path = try model("a").write(to: folder)
    let checkpoint = try Checkpoint.open(path)
    #expect(throws: Never.self) { try checkpoint.checkUnchanged() }
    try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 20)
    let error = #expect(throws: CheckpointError.self) { try checkpoint.checkUnchanged() }
    #expect(error?.kind == .io && error?.byteOffset == 20)
  }
}
