import ElementTypes
import Foundation
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import Checkpoints

/// What the reference accepts is read with the same result; what it rejects is rejected.
@Suite struct ConformanceTests {
  @Test("the corpus is whole")
  func whole() {
    #expect(Corpus.files.count == 373)
    #expect(Corpus.folders.count == 39)
  }

  @Test("a file is accepted or rejected as by the reference", arguments: Corpus.files)
  func verdict(_ label: Corpus.Case) throws {
    do {
      let checkpoint = try Checkpoint.open(label.place)
      #expect(label.verdict == "accept", "opened")
      try expect(checkpoint, equals: label)
    } catch {
      #expect(label.verdict == "reject", "\(error)")
      let line = "\(error)"
      #expect(!line.contains("\n") && line.contains(label.id))
      #expect((error as? CheckpointError)?.kind == .invalid)
    }
  }

  private func expect(_ checkpoint: Checkpoint, equals label: Corpus.Case) throws {
    let expected = try #require(label.tensors)
    #expect(checkpoint.tensors.count == expected.count)
    let header = try #require(checkpoint.shards[0] as? SafetensorsFile).header
    #expect(header.tensors.map(\.name).sorted() == expected.map { TensorName($0.name) }.sorted())
    #expect(header.tensors.map(\.byteRange.lowerBound) == expected.map(\.file_offset))
    for wanted in expected {
      let tensor = try #require(checkpoint.tensor(named: wanted.name))
      #expect(tensor.storage.name == wanted.dtype)
      #expect(tensor.shape == wanted.shape)
      #expect(tensor.elementCount == wanted.numel)
      #expect(tensor.byteRange.lowerBound - header.dataStart == wanted.data_offsets[0])
      #expect(tensor.byteRange.upperBound - header.dataStart == wanted.data_offsets[1])
      #expect(tensor.byteRange.lowerBound == wanted.file_offset)
      let digest = try checkpoint.digest(of: tensor).map { String(format: "%02x", $0) }.joined()
      #expect(digest == wanted.sha256)
    }
    let metadata = Dictionary(uniqueKeysWithValues: checkpoint.metadata.map { (TensorName($0.key), TensorName($0.value)) })
    let wanted = (label.metadata ?? [:]).map { (TensorName($0.key), TensorName($0.value)) }
    #expect(metadata == Dictionary(uniqueKeysWithValues: wanted))
  }

  @Test("a folder is accepted, warned of or rejected as the policy says", arguments: Corpus.folders)
  func policy(_ label: Corpus.Case) throws {
    do {
      let checkpoint = try Checkpoint.open(label.place)
      #expect(label.policy == (checkpoint.warnings.isEmpty ? "accept" : "warn"), "\(checkpoint.warnings)")
      let reference = try #require(label.reference)
      for tensor in checkpoint.tensors {
        let path = checkpoint.files[tensor.file].path
        let name = try #require(reference.files.keys.first { path.hasSuffix("/" + $0) })
        let keys = try #require(reference.files[name]?.keys)
        #expect(keys.contains { TensorName($0) == tensor.name })
      }
      #expect(!texts(in: checkpoint.warnings).contains { $0.contains("\n") })
    } catch {
      #expect(label.policy == "reject", "\(error)")
      #expect(!"\(error)".contains("\n"))
      #expect((error as? CheckpointError)?.kind == .invalid)
    }
  }

  @Test("the mapped one of a tensor's two copies is taken")
  func mappedCopy() throws {
    let checkpoint = try Checkpoint.open(Corpus.folder + "open/d_dup_tensor_across_shards")
    let tensor = try #require(checkpoint.tensor(named: "c"))
    #expect(checkpoint.files[tensor.file].path.hasSuffix("model-00002-of-00002.safetensors"))
    #expect(checkpoint.tensors.count == 3)
  }

  @Test("a tensor that the index does not list is left out")
  func unlisted() throws {
    let checkpoint = try Checkpoint.open(Corpus.folder + "open/d_extra_tensor_in_shard")
    #expect(checkpoint.tensors.map(\.name.string) == ["a", "b", "c"])
  }

  @Test("a model in a Hugging Face cache goes by its repository's name")
  func repositoryName() throws {
    let checkpoint = try Checkpoint.open(Corpus.folder + "open/d_hf_cache_ok/models--org--name")
    #expect(checkpoint.name == "org/name")
    #expect(try Checkpoint.open(Corpus.folder + "open/d_hf_cache_shared_blobs").name == "org/name")
  }
}
