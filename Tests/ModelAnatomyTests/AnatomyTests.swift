import Checkpoints
import ElementTypes
import ReadingFacts
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

@Suite struct AnatomyTests {
  @Test("a head that is not stored is the embedding")
  func tied() throws {
    #expect(try NamedTensors.anatomy(NamedTensors.llama(head: false)).hasTiedEmbeddings == true)
    #expect(try NamedTensors.anatomy(NamedTensors.llama(head: true)).hasTiedEmbeddings == false)
  }

  @Test("a shard that ends before its head does not tell whether the head is tied")
  func firstShard() throws {
    let shard = NamedTensors.llama(head: false).filter { $0.name != "model.norm.weight" }
    #expect(try NamedTensors.anatomy(shard).hasTiedEmbeddings == nil)
    // Cut inside a layer, in front of its norms.
    let cut = shard.filter { !$0.name.contains("norm") && !$0.name.contains("down_proj") }
    #expect(try NamedTensors.anatomy(cut).hasTiedEmbeddings == nil)
  }

  @Test("a model whose norms have no gains can be tied")
  func withoutGains() throws {
    let tensors = NamedTensors.llama(head: false).filter { !$0.name.contains("norm") }
    #expect(try NamedTensors.anatomy(tensors).hasTiedEmbeddings == true)
  }

  @Test("a shard may begin at layer 7")
  func middleShard() throws {
    let shard = NamedTensors.llama(layers: 7..<10, head: false).filter { $0.name.hasPrefix("model.layers.") }
    let anatomy = try NamedTensors.anatomy(shard, file: "model-00002-of-00003.safetensors")
    #expect(anatomy.layers == 3 && anatomy.layerNumbers == [7, 8, 9])
    #expect(anatomy.roles(in: 7).count == 9 && anatomy.hasTiedEmbeddings == nil)
  }

  @Test("every tensor is in exactly one list, and weights come by layer, role and expert")
  func partition() throws {
    let names = NamedTensors.llama() + [("model.layers.1.self_attn.rotary_emb.inv_freq", [4]), ("step", []), ("nothing", [0])]
    let anatomy = try NamedTensors.anatomy(names.shuffled(), types: ["step": .i64])
    let all = anatomy.weights.map(\.tensor.name.string) + anatomy.skippedTensors.map(\.tensor.name.string)
    #expect(all.sorted() == names.map(\.name).sorted())
    #expect(anatomy.weights.map { $0.layer ?? -1 } == anatomy.weights.map { $0.layer ?? -1 }.sorted())
    #expect(anatomy.reason("step") == .integer && anatomy.reason("nothing") == .empty)
    #expect(anatomy.warnings == [.integerTensors(1)])
  }

  @Test("a checkpoint without a number in its names has no layers")
  func flat() throws {
    let anatomy = try NamedTensors.anatomy([("weight", [4, 4]), ("bias", [4])])
    #expect(anatomy.layers == 0 && anatomy.weights.count == 2 && anatomy.architecture == nil)
  }

  @Test("an empty checkpoint is read as one of nothing")
  func empty() throws {
    let anatomy = try NamedTensors.anatomy([])
    #expect(anatomy.weights.isEmpty && anatomy.layers == 0 && anatomy.parameters == 0)
    #expect(anatomy.dimensions == Dimensions() && anatomy.elementTypes.isEmpty)
  }

  @Test("types are counted over all tensors")
  func types() throws {
    let anatomy = try NamedTensors.anatomy([("a", [2]), ("b", [2]), ("c", [2])], types: ["c": .f64])
    #expect(anatomy.elementTypes == [.element(.bf16): 2, .element(.f64): 1])
  }

  @Test("a tensor called weight_scale is no reason to distrust another module's weight")
  func otherModule() throws {
    let names = NamedTensors.llama() + [("model.layers.0.mlp.up_proj.weight_scale", [1])]
    let anatomy = try NamedTensors.anatomy(names)
    #expect(anatomy.reason("model.layers.0.mlp.up_proj.weight") == .quantised)
    #expect(anatomy.reason("model.layers.0.mlp.gate_proj.weight") == nil)
    #expect(anatomy.skippedTensors.count == 2)
  }
}
