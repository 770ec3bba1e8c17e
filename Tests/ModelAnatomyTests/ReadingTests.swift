import Checkpoints
import ElementTypes
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

/// What a reading makes of prefixes, parts of models, hostile files and things that nobody knows.
@Suite struct ReadingTests {
  private static func model(_ name: String) throws -> ArchitectureCase {
    try #require(ArchitectureCase.all.first { $0.name == name })
  }

  private static func places(_ anatomy: Anatomy) -> [String] {
    anatomy.weights.map { "\($0.layer ?? -1) \($0.role) \($0.expert ?? -1)" }
  }

  @Test(
    "what wraps a model changes nothing",
    arguments: ["module.", "base_model.model.", "_orig_mod.", "module._orig_mod.", "a.b.c.", "0.", "deep.tower_of.things."])
  func prefixes(prefix: String) throws {
    let folder = TemporaryFolder()
    for name in ["llama", "gpt2", "mixtral", "gpt_neox", "t5", "falcon", "bert"] {
      let model = try Self.model(name)
      let plain = try model.anatomy(in: folder, config: nil)
      let wrapped = try model.anatomy(in: folder, config: nil, prefix: prefix)
      #expect(wrapped.architecture == name, "\(name)")
      #expect(Self.places(wrapped) == Self.places(plain), "\(name)")
    }
  }

  @Test("wrappers between a name's components change nothing")
  func inner() throws {
    let tensors = NamedTensors.llama().map {
      ($0.name.split(separator: ".").joined(separator: "._fsdp_wrapped_module._checkpoint_wrapped_module."), $0.shape)
    }
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == "llama" && anatomy.layers == 2)
    #expect(Self.places(anatomy) == Self.places(try NamedTensors.anatomy(NamedTensors.llama())))
  }

  @Test(
    "a shard in the middle of a model is read as in the whole",
    arguments: ["llama", "qwen3_moe", "gpt2", "gpt_neox", "phi3", "gemma2", "internlm2"])
  func shard(name: String) throws {
    let folder = TemporaryFolder()
    var model = try Self.model(name)
    let whole = try model.anatomy(in: folder, config: nil)
    model.tensors = model.tensors.filter { $0.name.contains("layers.1.") || $0.name.contains("h.1.") }
    let shard = try model.anatomy(in: folder, config: nil)
    #expect(shard.architecture == name && shard.layerNumbers == [1])
    #expect(
      Self.places(shard) == whole.weights.filter { $0.layer == 1 }.map { "\($0.layer ?? -1) \($0.role) \($0.expert ?? -1)" })
  }

  @Test("a shard of tables alone has their roles and no architecture")
  func tables() throws {
    let anatomy = try NamedTensors.anatomy([
      ("model.embed_tokens.weight", [20, 8]), ("lm_head.weight", [20, 8]), ("model.norm.weight", [8]),
    ])
    #expect(anatomy.architecture == nil && anatomy.layers == 0)
    #expect(anatomy.roles(in: nil) == ["embed_tokens", "final_norm", "lm_head"])
  }

  @Test("tensors that nobody knows stand beside a Llama with the names that they have")
  func extra() throws {
    let tensors =
      NamedTensors.llama(inside: [("mystery.weight", [8, 3])]) + [
        ("value_head.weight", [1, 8]), ("model.extra.7.weight", [3, 3]),
      ]
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == "llama" && anatomy.layerNumbers == [0, 1])
    #expect(anatomy.roles(in: 1).last == "mystery")
    #expect(anatomy.roles(in: nil) == ["embed_tokens", "final_norm", "lm_head", "model.extra.7", "value_head"])
  }

  @Test("a few names of the table in another model's layers are no architecture")
  func strangers() throws {
    let tensors = (0..<2).flatMap { layer in
      [("model.layers.\(layer).self_attn.q_proj.weight", [8, 8]), ("model.layers.\(layer).engine.weight", [40, 40])]
    }
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == nil && anatomy.layers == 2 && anatomy.roles(in: 0) == ["q_proj", "engine"])
  }

  @Test("a model of images and words has the words' layers, and the rest by what it is")
  func vision() throws {
    var tensors = NamedTensors.llama(prefix: "model.language_model.", head: true)
    tensors += [
      ("model.multi_modal_projector.linear_1.weight", [8, 6]),
      ("model.vision_tower.embeddings.patch_embedding.weight", [6, 3, 2, 2]),
    ]
    for layer in 0..<2 {
      let inside: [(String, [Int])] = [
        ("self_attn.q_proj", [6, 6]), ("self_attn.k_proj", [6, 6]), ("self_attn.v_proj", [6, 6]), ("self_attn.out_proj", [6, 6]),
        ("mlp.fc1", [7, 6]), ("mlp.fc2", [6, 7]), ("layer_norm1", [6]), ("layer_norm2", [6]),
      ]
      tensors += inside.map { (name: "model.vision_tower.encoder.layers.\(layer).\($0.0).weight", shape: $0.1) }
    }
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == "llama" && anatomy.layers == 2)
    let outside = anatomy.roles(in: nil)
    #expect(outside.contains("vision.layers.1.q_proj") && outside.contains("vision.layers.0.post_attention_norm"))
    #expect(outside.contains("projector.linear_1") && outside.contains("vision.embed_patches"))
    let up = try #require(anatomy.weights.first { $0.role.name == "vision.layers.1.up_proj" })
    #expect(anatomy.gain(of: up)?.gain.role.name == "vision.layers.1.post_attention_norm")
  }

  @Test("a layer that predicts further tokens is no depth, also where it has a stack of its own")
  func furtherTokens() throws {
    let folder = TemporaryFolder()
    let model = try Self.model("qwen3_next")
    let extra = [
      ("mtp.fc.weight", [32, 64]), ("mtp.layers.0.self_attn.k_proj.weight", [16, 32]),
      ("mtp.layers.0.input_layernorm.weight", [32]),
    ]
    let anatomy = try model.anatomy(in: folder, config: nil, extra: extra)
    #expect(anatomy.architecture == "qwen3_next" && anatomy.layers == 2)
    let outside = anatomy.roles(in: nil)
    #expect(outside.contains("mtp.layers.0.k_proj") && outside.contains("mtp.fc"))
  }

  @Test("twenty thousand tensors are some ten different names, and as many lookups")
  func many() throws {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    builder.add("x", .f32, shape: [4, 4], floats: [Float](repeating: 1, count: 16))
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    let source = StoredMatrix(try #require(checkpoint.slice(of: checkpoint.tensors[0])), columns: 4)
    let named = { (name: String) in
      Parameter(name: name, tensor: checkpoint.tensors[0], shape: [4, 4], decoded: source, quantisation: "")
    }
    var parameters: [Parameter] = []
    // Ten times as many, and in a file: Tests/Benchmarks/hostile_sizes.py.
    for layer in 0..<20 {
      for expert in 0..<333 {
        for part in ["w1", "w2", "w3"] {
          parameters.append(named("model.layers.\(layer).block_sparse_moe.experts.\(expert).\(part).weight"))
        }
      }
    }
    var groups = NameGroup.groups(of: parameters)
    #expect(parameters.count == 19_980 && groups.count == 3)
    #expect(groups.map(\.members.count) == [6660, 6660, 6660])
    let table = ArchitectureTable.shared
    #expect(Set(table.matches(of: &groups, parameters).map(\.group)).count == 3)
    let reading = table.reading(of: parameters, hints: ReadingHints(checkpoint: checkpoint))
    #expect(reading.architecture == "mixtral" && reading.layerNumbers.count == 20)
    #expect(reading.assignments.count == 19_980 && reading.unassigned.isEmpty)
    // A prefix for each tensor, each with layers: sixteen of them are tried.
    let hostile = (0..<2000).map { named("p\($0)a.layers.0.self_attn.q_proj.weight") }
    let found = table.reading(of: hostile, hints: ReadingHints(checkpoint: checkpoint))
    #expect(found.assignments.count + found.unassigned.count == 2000 && found.assignments.count <= 16)
  }

  @Test("names that hold the sign for numbers, empty components or wrappers alone are read like any name")
  func oddNames() throws {
    let names = [
      "model.layers.#.self_attn.q_proj.weight", "..", ".", "_orig_mod", "_orig_mod._orig_mod.", "#", "a..b.0.", "é.#.1", "0.0.0",
    ]
    let anatomy = try NamedTensors.anatomy(names.map { ($0, [2, 2]) })
    #expect(anatomy.weights.count == names.count && anatomy.architecture == nil)
  }
}
