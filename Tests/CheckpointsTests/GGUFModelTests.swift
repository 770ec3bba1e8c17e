import ElementTypes
import JSON
import TensorFiles
import TestKit
import Testing

@testable import Checkpoints

/// GGUF files as models: one file, parts of one, many in a folder, and the stores that hold them.
@Suite struct GGUFModelTests {
  private let folder = TemporaryFolder()

  private func builder(_ names: String..., architecture: String? = "llama") -> GGUFBuilder {
    var builder = GGUFBuilder(architecture: architecture)
    for name in names { builder.add(name, shape: [2, 32], floats: [Float](repeating: 1, count: 64)) }
    return builder
  }

  private func failure(_ path: String) -> CheckpointError? {
    do {
      _ = try Checkpoint.open(path)
      return nil
    } catch { return error }
  }

  private func found() throws -> [String] {
    try Checkpoint.find(below: folder.path).map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test("a file, a folder with one file, and a file under any name are opened")
  func one() throws {
    let path = try folder.write(builder("a").bytes, to: "m/model-Q4_0.gguf")
    for path in [path, folder.path(of: "m")] { #expect(try Checkpoint.open(path).tensors.map(\.name.string) == ["a"]) }
    #expect(try Checkpoint.open(path).configuration[.model]?["gguf_architecture"]?.string == "llama")
    let other = try folder.write(builder("a").bytes, to: "other/weights")
    #expect(try Checkpoint.open(other).tensors.count == 1)
  }

  @Test("of several files in a folder one must be named; projectors and statistics are none of them")
  func several() throws {
    try folder.write(builder("a").bytes, to: "model-Q4_0.gguf")
    try folder.write(builder("p").bytes, to: "mmproj-model-f16.gguf")
    try folder.write(builder("i").bytes, to: "imatrix.gguf")
    #expect(try Checkpoint.open(folder.path).tensors.map(\.name.string) == ["a"])
    #expect(try found() == ["model-Q4_0.gguf"])
    try folder.write(builder("a").bytes, to: "model-Q8_0.gguf")
    #expect(failure(folder.path)?.description.contains("model-Q4_0.gguf, model-Q8_0.gguf") == true)
    #expect(try found() == ["model-Q4_0.gguf", "model-Q8_0.gguf"])
  }

  @Test("each GGUF file beside a safetensors model is a model too, and the folder is the safetensors model")
  func beside() throws {
    var safetensors = SafetensorsBuilder()
    safetensors.add("s", .f32, shape: [1], floats: [1])
    try safetensors.write(to: folder)
    try folder.write(builder("a").bytes, to: "x.gguf")
    #expect(try Checkpoint.open(folder.path).tensors.map(\.name.string) == ["s"])
    #expect(try Checkpoint.find(below: folder.path).map(\.path) == [folder.path, folder.path(of: "x.gguf")])
  }

  @Test("the parts of a split file are one model, by any of them or by their folder")
  func split() throws {
    for (number, name) in ["a", "b", "c"].enumerated() {
      var part = builder(name, architecture: number == 0 ? "llama" : nil)
      part.add("split.no", type: 2, value: GGUFBuilder.encoded(UInt16(number)))
      part.add("split.count", type: 2, value: GGUFBuilder.encoded(UInt16(3)))
      try folder.write(part.bytes, to: "m-0000\(number + 1)-of-00003.gguf")
    }
    for path in [folder.path, folder.path(of: "m-00001-of-00003.gguf"), folder.path(of: "m-00002-of-00003.gguf")] {
      let checkpoint = try Checkpoint.open(path)
      #expect(checkpoint.tensors.map(\.name.string) == ["a", "b", "c"] && checkpoint.files.count == 3)
      #expect(checkpoint.configuration[.model]?["gguf_architecture"]?.string == "llama")
    }
    #expect(try found() == ["m-00001-of-00003.gguf"])
    try folder.write(builder("d").bytes, to: "n-00002-of-00002.gguf")
    #expect(failure(folder.path(of: "n-00002-of-00002.gguf"))?.description.contains("missing") == true)
    #expect(try found() == ["m-00001-of-00003.gguf", "n-00002-of-00002.gguf"])
  }

  @Test("parts that do not belong together are an error")
  func mixed() throws {
    var part = builder("a")
    part.add("split.count", type: 2, value: GGUFBuilder.encoded(UInt16(3)))
    try folder.write(part.bytes, to: "m-00001-of-00002.gguf")
    try folder.write(builder("b").bytes, to: "m-00002-of-00002.gguf")
    #expect(failure(folder.path)?.description.contains("one of 3 parts") == true)
    try folder.write(builder("b").bytes, to: "m-00001-of-00002.gguf")
    #expect(failure(folder.path)?.tensor == TensorName("b"))
  }

  @Test("a repository of GGUF files in the cache of Hugging Face is as many models as it has files")
  func hub() throws {
    try folder.write(builder("a").bytes, to: "models--o--n/snapshots/1/a-Q4_0.gguf")
    try folder.write(builder("a").bytes, to: "models--o--n/snapshots/1/a-Q8_0.gguf")
    try folder.write("1", to: "models--o--n/refs/main")
    #expect(try found() == ["models--o--n/snapshots/1/a-Q4_0.gguf", "models--o--n/snapshots/1/a-Q8_0.gguf"])
  }

  @Test("models of ollama are found by their manifests, with their names, and blobs by their first bytes")
  func ollama() throws {
    let hash = String(repeating: "0123456789abcdef", count: 4)
    let blob = try folder.write(builder("a").bytes, to: "models/blobs/sha256-\(hash)")
    try folder.write("license", to: "models/blobs/sha256-\(String(hash.reversed()))")
    let layers = [
      "{\"mediaType\": \"application/vnd.ollama.image.license\", \"digest\": \"sha256:\(String(hash.reversed()))\"}",
      "{\"mediaType\": \"application/vnd.ollama.image.model\", \"digest\": \"sha256:\(hash)\"}",
    ]
    let manifest = "{\"layers\": [\(layers.joined(separator: ", "))]}"
    try folder.write(manifest, to: "models/manifests/registry.ollama.ai/library/tiny/1b")
    try folder.write(manifest, to: "models/manifests/registry.ollama.ai/someone/tiny/q8")
    try folder.write("{}", to: "models/manifests/registry.ollama.ai/library/broken/latest")
    let models = try Checkpoint.find(below: folder.path)
    #expect(models.map(\.path) == [blob, blob] && Set(models.map(\.name)) == ["tiny:1b", "someone/tiny:q8"])
    #expect(try models[0].open().tensors.count == 1 && models[0].open().name == models[0].name)
    #expect(try Checkpoint.find(below: folder.path(of: "models/blobs")).map(\.path) == [blob])
  }

  @Test("a manifest cannot lead out of the store")
  func hostileManifest() throws {
    try folder.write(builder("a").bytes, to: "secret")
    let digest = "sha256:../../secret"
    try folder.write(
      "{\"layers\": [{\"mediaType\": \"application/vnd.ollama.image.model\", \"digest\": \"\(digest)\"}]}",
      to: "models/manifests/h/library/m/t")
    try folder.folder("models/blobs")
    #expect(try Checkpoint.find(below: folder.path(of: "models")).isEmpty)
  }
}
