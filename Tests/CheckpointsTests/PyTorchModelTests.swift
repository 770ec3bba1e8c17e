import ElementTypes
import ReadingFacts
import TensorFiles
import TestKit
import Testing

@testable import Checkpoints

/// Files of PyTorch as models: one file, shards with their index, Meta's parts, and what lies beside them.
@Suite struct PyTorchModelTests {
  private let folder = TemporaryFolder()

  private func file(_ names: String...) -> [UInt8] {
    var builder = PyTorchBuilder()
    for name in names { builder.add(name, shape: [2, 2], floats: [1, 2, 3, 4]) }
    return builder.bytes
  }

  private func names(_ path: String) throws -> [String] { try Checkpoint.open(path).tensors.map(\.name.string) }

  private func failure(_ path: String) -> CheckpointError? {
    do {
      _ = try Checkpoint.open(path)
      return nil
    } catch { return error }
  }

  private func found() throws -> [String] {
    try Checkpoint.find(below: folder.path).map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test(
    "a file and its folder are one model",
    arguments: ["pytorch_model.bin", "model.pt", "best.pth", "last.ckpt", "consolidated.00.pth"])
  func one(name: String) throws {
    let path = try folder.write(file("a"), to: "m/\(name)")
    try folder.write(file("state"), to: "m/optimizer.pt")
    try folder.write(file("state"), to: "m/training_args.bin")
    #expect(try names(path) == ["a"] && names(folder.path(of: "m")) == ["a"])
    #expect(try found() == ["m"])
  }

  @Test("shards and their index are one model, by index or folder")
  func shards() throws {
    try folder.write(file("a"), to: "m/pytorch_model-00001-of-00002.bin")
    try folder.write(file("b"), to: "m/pytorch_model-00002-of-00002.bin")
    #expect(failure(folder.path(of: "m"))?.problem.contains("pytorch_model.bin.index.json") == true)
    #expect(try Checkpoint.find(below: folder.path).map(\.kind) == [.broken])
    let map = "{\"weight_map\":{\"a\":\"pytorch_model-00001-of-00002.bin\",\"b\":\"pytorch_model-00002-of-00002.bin\"}}"
    let index = try folder.write(map, to: "m/pytorch_model.bin.index.json")
    #expect(try names(index) == ["a", "b"] && names(folder.path(of: "m")) == ["a", "b"])
    #expect(try found() == ["m"])
    #expect(try Checkpoint.open(folder.path(of: "m/pytorch_model-00002-of-00002.bin")).warnings.count == 1)
    try folder.write("{\"weight_map\":{\"a\":\"../secret.bin\"}}", to: "m/pytorch_model.bin.index.json")
    #expect(failure(index)?.problem.contains("leads out of the folder") == true)
    try folder.write("{\"weight_map\":{\"a\":\"a.safetensors\"}}", to: "m/pytorch_model.bin.index.json")
    #expect(failure(index)?.problem.contains("does not end in .bin") == true)
  }

  @Test("safetensors files are used where both are there, and a warning says so")
  func both() throws {
    var builder = SafetensorsBuilder()
    builder.add("s", .f32, shape: [1], floats: [1])
    try builder.write(to: folder)
    try folder.write(file("a"), to: "pytorch_model.bin")
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensors.map(\.name.string) == ["s"] && checkpoint.warnings == [.pickleBeside(file: "pytorch_model.bin")])
    #expect(try Checkpoint.find(below: folder.path).map(\.path) == [folder.path])
  }

  @Test("several files that may each be a model are an error for one, and as many models for a scan")
  func several() throws {
    try folder.write(file("a"), to: "x.pt")
    try folder.write(file("a"), to: "y.pth")
    #expect(failure(folder.path)?.description.contains("x.pt, y.pth") == true)
    #expect(try found() == ["x.pt", "y.pth"])
    try folder.write(GGUFBuilder(architecture: "llama").description, to: "z.gguf")
    #expect(try found() == ["x.pt", "y.pth", "z.gguf"])
  }

  @Test("the parts of a model that is cut for several processors are one model, with their numbers in front")
  func ranks() throws {
    for part in 0..<2 { try folder.write(file("a", "norm"), to: "m/consolidated.0\(part).pth") }
    for path in ["m", "m/consolidated.00.pth", "m/consolidated.01.pth"] {
      let checkpoint = try Checkpoint.open(folder.path(of: path))
      #expect(checkpoint.tensors.map(\.name.string) == ["rank_0.a", "rank_0.norm", "rank_1.a", "rank_1.norm"])
      #expect(checkpoint.tensors.map(\.file) == [0, 0, 1, 1])
    }
    #expect(try found() == ["m"])
  }

  @Test("first bytes decide before endings: a GGUF file under any ending, and archives that are none of PyTorch's")
  func otherNames() throws {
    var builder = GGUFBuilder(architecture: "llama")
    builder.add("g", shape: [1], floats: [1])
    for name in ["ggml-model.bin", "model.ggml", "model.onnx", "weights.pt"] {
      let path = try folder.write(builder.bytes, to: "\(name)/\(name)")
      #expect(try names(path) == ["g"])
    }
    #expect(try found().count == 4)
    let archive = try folder.write(file("a"), to: "n/arrays.npz")
    #expect(failure(archive)?.problem.contains("NumPy arrays") == true)
    #expect(failure(folder.path(of: "n"))?.problem.contains("NumPy arrays") == true)
    let bare = try folder.write([0x80, 2] + PickleBytes.stop, to: "o/pytorch_model.bin")
    for path in [bare, folder.path(of: "o")] { #expect(failure(path)?.problem.contains("before PyTorch 1.6") == true) }
  }

  @Test("an adapter in a file of PyTorch is read")
  func adapter() throws {
    try folder.write(file("base_model.model.q_proj.lora_A.weight"), to: "adapter_model.bin")
    try folder.write("{}", to: "adapter_config.json")
    #expect(try Checkpoint.openAdapter(folder.path).tensors.count == 1)
    #expect(failure(folder.path)?.kind == .adapter)
  }

  @Test("content is hashed like that of any other file")
  func hash() throws {
    var builder = SafetensorsBuilder()
    builder.add("a", .f32, shape: [2, 2], floats: [1, 2, 3, 4])
    try builder.write(to: folder)
    let path = try folder.write(file("a"), to: "other/model.pt")
    #expect(try Checkpoint.open(path).contentHash(threads: 1) == Checkpoint.open(folder.path).contentHash(threads: 1))
    #expect(try Checkpoint.open(path).fingerprint().count == 64)
  }
}
