import ElementTypes
import JSON
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import Checkpoints

/// Which reader a file gets, and models that are no files of a folder.
@Suite struct TensorFormatTests {
  private let folder = TemporaryFolder()

  private var builder: SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    builder.add("a", .f32, shape: [2], floats: [1, 2])
    return builder
  }

  /// The list of formats with one more, whose files begin with "GGUF" and hold one tensor.
  private var formats: [TensorFormat] {
    let other = TensorFormat(name: "other", ending: ".other", magic: Array("GGUF".utf8)) {
      bytes throws(CheckpointError) -> any TensorFile in
      do { return try MemoryTensorFile([("other", .element(.u8), [1], [7])]) } catch {
        throw CheckpointError(.io, file: bytes.path, problem: "\(error)", remedy: "")
      }
    }
    return [.safetensors, other]
  }

  @Test("the first bytes of a file tell its format, whatever its name is")
  func magic() throws {
    let path = try folder.write(Array("GGUF".utf8) + [3, 0, 0, 0], to: "model.safetensors")
    #expect(try TensorFormat.open(FileBytes(path: path), formats: formats).tensors.map(\.name.string) == ["other"])
    #expect(throws: CheckpointError.self) { try TensorFormat.open(FileBytes(path: path)) }
  }

  @Test("without a mark the name tells it, and without a known name it is read as safetensors")
  func name() throws {
    let path = try builder.write(to: folder, as: "a.other")
    #expect(try TensorFormat.open(FileBytes(path: path), formats: formats).tensors.map(\.name.string) == ["other"])
    for name in ["a.safetensors", "a", "a.unknown"] {
      let path = try builder.write(to: folder, as: name)
      #expect(try TensorFormat.open(FileBytes(path: path), formats: formats) is SafetensorsFile)
    }
  }

  @Test("a file shorter than any mark is no reason to stop")
  func short() throws {
    for count in 0..<5 {
      let path = try folder.write(Array("GGUF".utf8.prefix(count)), to: "short")
      #expect(
        (try? TensorFormat.open(FileBytes(path: path), formats: formats) as? MemoryTensorFile != nil) == (count == 4 ? true : nil)
      )
    }
  }

  @Test("a header elsewhere is fetched and nothing behind it")
  func headerAlone() throws {
    let file = try RangedFile(builder.bytes)
    let opened = try SafetensorsFile(file.bytes)
    #expect(opened.tensors.map(\.name.string) == ["a"])
    #expect(file.requests == [[0..<8], [8..<opened.descriptionEnd]])
  }

  @Test("a header elsewhere that cannot be fetched is an error with its address")
  func lostHeader() throws {
    let file = try RangedFile(builder.bytes, lost: 20..<21)
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(file.bytes) }
    #expect(error?.kind == .io && error?.file == file.bytes.path)
  }

  @Test("a model is made of files of several kinds, and its tensors know their files")
  func files() throws {
    let memory = try MemoryTensorFile([("b", .element(.u8), [3], [1, 2, 3])], metadata: [("format", "pt")])
    let ranged = try RangedFile(builder.bytes)
    let checkpoint = try Checkpoint(files: [memory, SafetensorsFile(ranged.bytes)], name: "mixed")
    #expect(checkpoint.tensors.map(\.name.string) == ["a", "b"] && checkpoint.tensors.map(\.file) == [1, 0])
    #expect(checkpoint.name == "mixed" && checkpoint.metadata("format") == "pt" && !checkpoint.isLocal)
    let other = try MemoryTensorFile(builder)
    let path = try builder.write(to: folder)
    #expect(
      try checkpoint.digest(of: checkpoint.tensors[0]) == Checkpoint.open(path).digest(of: Checkpoint.open(path).tensors[0]))
    #expect(try Checkpoint(files: [other], name: "x").isLocal)
  }

  @Test("two files with a tensor of one name are no model")
  func repeated() throws {
    let files = [try MemoryTensorFile(builder), try MemoryTensorFile(builder)]
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(files: files, name: "x") }
    #expect(error?.kind == .invalid && error?.tensor == TensorName("a"))
  }

  @Test("what a file says of its model comes before a config given beside it, which comes for the rest")
  func configuration() throws {
    let said = JSONValue.object([.init(key: "model_type", value: .string("inside"))])
    let given = JSONValue.object([.init(key: "model_type", value: .string("beside"))])
    let documents: [ModelConfiguration.Document: JSONValue] = [.model: given, .adapter: given]
    let with = try Checkpoint(files: [MemoryTensorFile(builder, configuration: said)], name: "x", configuration: documents)
    #expect(with.configuration[.model]?["model_type"]?.string == "inside")
    #expect(with.configuration[.adapter]?["model_type"]?.string == "beside" && with.configuration[.parameters] == nil)
    let without = try Checkpoint(files: [MemoryTensorFile(builder)], name: "x", configuration: documents)
    #expect(without.configuration[.model]?["model_type"]?.string == "beside")
    try folder.write("{\"model_type\": \"file\"}", to: "config.json")
    #expect(try Checkpoint.open(builder.write(to: folder)).configuration[.model]?["model_type"]?.string == "file")
  }

  @Test("content hash and fingerprint of a file that is filled by ranges are those of its bytes")
  func hashes() throws {
    let path = try builder.write(to: folder)
    let ranged = try Checkpoint(files: [SafetensorsFile(RangedFile(builder.bytes).bytes)], name: "x")
    #expect(try ranged.contentHash(threads: 2) == Checkpoint.open(path).contentHash(threads: 1))
    let again = try Checkpoint(files: [SafetensorsFile(RangedFile(builder.bytes).bytes)], name: "y")
    #expect(try ranged.fingerprint() == again.fingerprint())
    var other = builder
    other.tensors[0].bytes[3] ^= 1
    let changed = try Checkpoint(files: [SafetensorsFile(RangedFile(other.bytes).bytes)], name: "x")
    #expect(try ranged.fingerprint() != changed.fingerprint())
  }
}
