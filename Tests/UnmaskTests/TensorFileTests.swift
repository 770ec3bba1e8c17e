import Checkpoints
import ElementTypes
import Foundation
import Lineage
import Matching
import ModelAnatomy
import RoleInference
import Safetensors
import TensorFiles
import TestKit
import Testing
import WeightSimilarity

@testable import Unmask

/// Nothing above a tensor file asks what its format is and where its bytes are.
@Suite struct TensorFileTests {
  /// Where the bytes of a model are.
  enum Place: CaseIterable, Sendable {
    /// Safetensors files of this machine.
    case mapped
    /// Tensors in memory, of no format.
    case memory
    /// Safetensors files that are elsewhere.
    case elsewhere
  }

  /// The model at `path` with its bytes at `place`, and the files that are elsewhere.
  private func open(_ path: String, _ place: Place) throws -> (checkpoint: Checkpoint, elsewhere: [RangedFile]) {
    let mapped = try Checkpoint.open(testdata + path)
    let documents = ModelConfiguration.Document.allCases.reduce(into: [:]) { $0[$1] = mapped.configuration[$1] }
    switch place {
    case .mapped: return (mapped, [])
    case .memory:
      let parts = mapped.tensors.map { tensor in
        let bytes = mapped.withBytes(of: tensor) { span in
          (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        }
        return (tensor.name.string, tensor.storage, tensor.shape.map { Int($0) }, bytes)
      }
      let file = try MemoryTensorFile(parts, metadata: mapped.metadata)
      return (try Checkpoint(files: [file], name: mapped.name, configuration: documents), [])
    case .elsewhere:
      let files = try mapped.files.map { file in
        try RangedFile([UInt8](Data(contentsOf: URL(fileURLWithPath: file.path))), address: "https://example.org/\(file.path)")
      }
      let opened = try files.map { try SafetensorsFile($0.bytes) }
      return (try Checkpoint(files: opened, name: mapped.name, configuration: documents), files)
    }
  }

  /// The comparison of the two models, as `compare` makes it.
  private func compare(_ candidate: Checkpoint, _ foundation: Checkpoint, _ depth: Depth) throws -> PairComparison {
    let run = RunSettings(threads: 2)
    let (a, b) = ModelReading.agreeing(ModelReading.anatomy(of: candidate), ModelReading.anatomy(of: foundation))
    let pairing = PairingChoice.inPlace(a, b, workers: run.workers)
    let found = try PairComparison(pairing, depth: depth, detail: .tuning, run)
    for checkpoint in [candidate, foundation] { try checkpoint.checkUnchanged() }
    return found
  }

  @Test(
    // Not at quick, which reads a sample of files that are elsewhere.
    "a comparison says the same whatever the files are and wherever their bytes are",
    arguments: [
      ("aurora-chat", "aurora", Depth.standard), ("borealis", "aurora", .standard), ("aurora-lora", "aurora", .thorough),
      ("masked", "aurora", .standard), ("variants/aurora-quantised", "aurora", .standard),
      ("variants/aurora-f32", "variants/aurora-f16", .standard), ("nova", "aurora", .standard), ("aurora", "aurora", .standard),
      ("quantised/gptq_4bit_asym", "quantised/gptq_4bit_actorder", .standard),
      ("quantised/bnb_nf4_nested", "quantised/bnb_fp4", .standard),
      ("quantised/awq_4bit", "quantised/awq_4bit", .standard),
      ("quantised/mxfp4_gpt_oss", "quantised/mxfp4_gpt_oss", .standard),
      ("adapters/base-gpt2", "adapters/base-gpt2", .standard), ("adapters/base-moe", "adapters/base-moe-split", .standard),
    ])
  func same(_ candidate: String, _ foundation: String, _ depth: Depth) throws {
    let expected = try compare(open(candidate, .mapped).checkpoint, open(foundation, .mapped).checkpoint, depth)
    for place in [Place.memory, .elsewhere] {
      let found = try compare(open(candidate, place).checkpoint, open(foundation, place).checkpoint, depth)
      #expect(found.verdict == expected.verdict, "\(place)")
      #expect(found.similarity.tensors == expected.similarity.tensors && !found.similarity.tensors.isEmpty, "\(place)")
      #expect(found.similarity.isIdentical == expected.similarity.isIdentical, "\(place)")
      #expect(found.similarity.rowShift == expected.similarity.rowShift, "\(place)")
    }
  }

  @Test("a quick comparison fetches no byte twice")
  func reads() throws {
    let (checkpoint, files) = try open("aurora-chat", .elsewhere)
    let (foundation, others) = try open("aurora", .elsewhere)
    _ = try compare(checkpoint, foundation, .quick)
    for file in files + others {
      let asked = file.requests.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
      #expect(asked == file.fetchedCount && file.fetchedCount <= file.bytes.size)
    }
  }

  @Test("numbers in blocks that nothing decodes are named, left out of the cosines, and compared as bytes")
  func blocks() throws {
    let format = BlockFormat(name: "Q9_X", numbers: 256, bytes: 144)
    func model(_ changed: UInt8) throws -> Checkpoint {
      let values = (0..<64 * 64).map { UInt8(truncatingIfNeeded: $0 * 37) }
      let codes = [changed] + (1..<2 * 144).map { UInt8(truncatingIfNeeded: $0) }
      let parts: [(name: String, storage: StorageType, shape: [Int], bytes: [UInt8])] = [
        ("model.layers.0.mlp.up_proj.weight", .element(.f8E4M3), [64, 64], values.map { $0 & 0x3F }),
        ("model.layers.0.mlp.down_proj.weight", .blocks(format), [2, 256], codes),
      ]
      return try Checkpoint(files: [MemoryTensorFile(parts)], name: "blocks")
    }
    let same = try compare(model(0), model(0), .quick)
    #expect(same.verdict.relation == .identical && same.similarity.tensors.count == 1)
    #expect(try compare(model(1), model(0), .quick).verdict.relation != .identical)
    let anatomy = ModelReading.anatomy(of: try model(0))
    #expect(anatomy.quantisation == "Q9_X" && anatomy.elementTypes[.blocks(format)] == 1)
  }

  @Test("bytes that could not be fetched end in one error, not in a verdict")
  func lost() throws {
    let path = testdata + "aurora-chat"
    let mapped = try Checkpoint.open(path)
    let tensor = try #require(mapped.tensors.last { $0.byteCount > 1000 })
    let file = mapped.files[tensor.file].path
    let content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    let ranged = try RangedFile(content, lost: tensor.byteRange.lowerBound..<tensor.byteRange.lowerBound + 1)
    let candidate = try Checkpoint(files: [SafetensorsFile(ranged.bytes)], name: "lost")
    let error = #expect(throws: CheckpointError.self) { try compare(candidate, open("aurora", .mapped).checkpoint, .quick) }
    #expect(error?.kind == .io && error?.problem == "the connection broke")
  }
}
