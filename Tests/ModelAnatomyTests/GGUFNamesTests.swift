import Checkpoints
import RoleInference
import TestKit
import Testing

@testable import ModelAnatomy

/// The names of GGUF files, against what numpy and the reference's table of names make of the published architectures
/// (testdata/oracle/gguf_names.py).
@Suite struct GGUFNamesTests {
  @Test(
    "a GGUF file has the roles, layers, experts and numbers of the file that it was converted from",
    arguments: ArchitectureCase.converted)
  func roles(model: ArchitectureCase) throws {
    let anatomy = try Self.anatomy(of: model, architecture: model.gguf)
    ArchitectureTests.check(anatomy, model, allNumbers: true, note: model.gguf)
  }

  @Test("without a named architecture, names and shapes tell all but the order of rows of queries and keys")
  func withoutName() throws {
    for model in ArchitectureCase.converted {
      let found = try Self.anatomy(of: model, architecture: nil).architecture
      // Names that both have are read as Llama's.
      #expect(found == model.architecture || model.architecture == "gguf" && found == "gguf_llama", "\(model.name)")
    }
  }

  @Test("an architecture that is not known is not permuted")
  func unknown() throws {
    let llama = try #require(ArchitectureCase.converted.first { $0.gguf == "llama" })
    let (new, known) = try (Self.anatomy(of: llama, architecture: "brand-new"), Self.anatomy(of: llama, architecture: "mistral3"))
    #expect(!new.storage.contains(.interleavedRotaryPairs) && known.storage.contains(.interleavedRotaryPairs))
    #expect(new.architecture == "brand-new" && known.architecture == "mistral3")
    // What a file states is printed only if it looks like a name.
    #expect(try Self.anatomy(of: llama, architecture: "two\nlines").architecture == "gguf")
  }

  private static func anatomy(of model: ArchitectureCase, architecture: String?) throws -> Anatomy {
    var builder = GGUFBuilder(architecture: architecture)
    if let architecture {
      let heads = model.tensors.first { $0.name.contains("attn_output.weight") }?.shape.last.map { $0 / model.head }
      builder.add("\(architecture).attention.head_count", number: UInt32(heads ?? 1))
      builder.add("\(architecture).attention.key_length", number: UInt32(model.head))
    }
    for tensor in model.tensors { builder.add(tensor.name, shape: tensor.shape, floats: tensor.numbers(head: model.head)) }
    let folder = TemporaryFolder()
    return ModelReading.anatomy(of: try Checkpoint.open(try folder.write(builder.bytes, to: "model.gguf")))
  }
}
