import Checkpoints
import ElementTypes
import RoleInference
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

/// What each family of names is read as.
@Suite struct FamilyTests {
  private static let layerRoles = [
    "input_norm", "q_proj", "k_proj", "v_proj", "o_proj", "post_attention_norm", "gate_proj", "up_proj", "down_proj",
  ]

  @Test("Llama's tensors have their roles and layers, and its sizes are read off them")
  func llama() throws {
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama())
    #expect(anatomy.architecture == "llama" && anatomy.layers == 2 && anatomy.layerNumbers == [0, 1])
    #expect(anatomy.roles(in: nil) == ["embed_tokens", "final_norm", "lm_head"])
    #expect(anatomy.roles(in: 0) == Self.layerRoles && anatomy.roles(in: 1) == Self.layerRoles)
    let expected = Dimensions(hiddenSize: 8, intermediateSize: 12, vocabulary: 20)
    #expect(anatomy.dimensions == expected)
    #expect(anatomy.hasTiedEmbeddings == false && anatomy.quantisation == nil && anatomy.warnings.isEmpty)
    #expect(anatomy.parameters == 20 * 8 * 2 + 8 + 2 * (8 + 8 + 64 + 32 + 32 + 64 + 96 * 3))
  }

  @Test("biases of queries, keys and values alone are Qwen2; with one on the output too they are Llama")
  func qwen2() throws {
    let biases: [(name: String, shape: [Int])] = [
      ("self_attn.q_proj.bias", [8]), ("self_attn.k_proj.bias", [4]), ("self_attn.v_proj.bias", [4]),
    ]
    let qwen2 = try NamedTensors.anatomy(NamedTensors.llama(inside: biases))
    #expect(qwen2.architecture == "qwen2")
    #expect(qwen2.roles(in: 1).contains("k_proj.bias"))
    let biased = try NamedTensors.anatomy(NamedTensors.llama(inside: biases + [("self_attn.o_proj.bias", [8])]))
    #expect(biased.architecture == "llama")
  }

  @Test("norms of queries and keys are Qwen3, and give the size of a head")
  func qwen3() throws {
    let norms: [(name: String, shape: [Int])] = [("self_attn.q_norm.weight", [4]), ("self_attn.k_norm.weight", [4])]
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama(inside: norms))
    #expect(anatomy.architecture == "qwen3")
    #expect(anatomy.dimensions.attentionHeads == 2 && anatomy.dimensions.keyValueHeads == 1)
  }

  @Test("a query norm as wide as all heads together does not tell their size")
  func wideNorm() throws {
    let norms: [(name: String, shape: [Int])] = [("self_attn.q_norm.weight", [8]), ("self_attn.k_norm.weight", [4])]
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama(inside: norms))
    #expect(anatomy.dimensions.attentionHeads == nil)
  }

  @Test("stored rotary frequencies give the size of a head and are no weight")
  func frequencies() throws {
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama(inside: [("self_attn.rotary_emb.inv_freq", [2])]))
    #expect(anatomy.dimensions.attentionHeads == 2 && anatomy.dimensions.keyValueHeads == 1)
    #expect(anatomy.reason("model.layers.0.self_attn.rotary_emb.inv_freq") == .buffer)
    #expect(anatomy.warnings.isEmpty)
  }

  @Test("Gemma 2 has two norms more")
  func gemma() throws {
    let norms: [(name: String, shape: [Int])] = [
      ("pre_feedforward_layernorm.weight", [8]), ("post_feedforward_layernorm.weight", [8]),
    ]
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama(head: false, inside: norms))
    #expect(anatomy.architecture == "gemma2" && anatomy.hasTiedEmbeddings == true)
    let third = try NamedTensors.anatomy(NamedTensors.llama(head: false, inside: norms + [("self_attn.q_norm.weight", [4])]))
    #expect(third.architecture == "gemma3")
  }

  @Test("OLMo 2 has its norms behind attention and MLP only")
  func olmo2() throws {
    let norms: [(name: String, shape: [Int])] = [("post_feedforward_layernorm.weight", [8]), ("self_attn.q_norm.weight", [8])]
    let tensors = NamedTensors.llama(inside: norms).filter { !$0.name.contains("input_layernorm") }
    #expect(try NamedTensors.anatomy(tensors).architecture == "olmo2")
  }

  @Test(
    "experts have one role and a number each",
    arguments: [
      ("block_sparse_moe", "w1", "w3", "w2", "mixtral"), ("mlp", "gate_proj", "up_proj", "down_proj", "mixtral"),
    ])
  func experts(module: String, gate: String, up: String, down: String, architecture: String) throws {
    var tensors = NamedTensors.llama().filter { !$0.name.contains(".mlp.") }
    for layer in 0..<2 {
      tensors.append(("model.layers.\(layer).\(module).gate.weight", [3, 8]))
      for expert in 0..<3 {
        for (name, shape) in [(gate, [12, 8]), (up, [12, 8]), (down, [8, 12])] {
          tensors.append(("model.layers.\(layer).\(module).experts.\(expert).\(name).weight", shape))
        }
      }
    }
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == architecture && anatomy.dimensions.experts == 3)
    #expect(anatomy.dimensions.intermediateSize == 12)
    let gates = anatomy.weights.filter { $0.role == .gateProj && $0.layer == 1 }
    #expect(gates.map(\.expert) == [0, 1, 2])
    #expect(anatomy.weights.count { $0.role == .router } == 2)
  }

  @Test("GPT-2's fused and transposed tensors become the weights of its layers, its masks are buffers")
  func gpt2() throws {
    var tensors: [(name: String, shape: [Int])] = [("wte.weight", [20, 8]), ("wpe.weight", [16, 8]), ("ln_f.weight", [8])]
    for layer in 0..<3 {
      tensors += [
        ("h.\(layer).attn.c_attn.weight", [8, 24]), ("h.\(layer).attn.c_attn.bias", [24]),
        ("h.\(layer).attn.bias", [1, 1, 16, 16]), ("h.\(layer).attn.masked_bias", []), ("h.\(layer).mlp.c_fc.weight", [8, 32]),
      ]
    }
    let anatomy = try NamedTensors.anatomy(tensors)
    #expect(anatomy.architecture == "gpt2" && anatomy.layers == 3)
    #expect(anatomy.roles(in: 2) == ["q_proj", "q_proj.bias", "k_proj", "k_proj.bias", "v_proj", "v_proj.bias", "up_proj"])
    #expect(anatomy.roles(in: nil) == ["embed_tokens", "final_norm", "embed_positions"])
    #expect(anatomy.reason("h.0.attn.bias") == .buffer && anatomy.reason("h.0.attn.masked_bias") == .buffer)
    #expect(anatomy.hasTiedEmbeddings == true && Set(anatomy.storage) == [.transposed, .fused])
    let up = try #require(anatomy.weights.first { $0.role == .upProj })
    #expect(up.rows == 32 && up.columns == 8 && up.tensor.shape == [8, 32])
  }

  @Test("a GPT-2 in GPTQ's layout has outputs as rows: nothing is turned a second time")
  func quantisedConvolution() throws {
    var builder = SafetensorsBuilder()
    builder.add("wte.weight", .f32, shape: [40, 32], floats: Array(repeating: 1, count: 1280))
    // Every code is the zero point but one: that of output 5 and input 0 is one above it.
    for (module, outputs) in [("attn.c_attn", 96), ("attn.c_proj", 32), ("mlp.c_fc", 128)] {
      var words = [UInt8](repeating: 0x88, count: 4 * outputs * 4)
      words[5 * 4] = 0x89
      builder.add("h.0.\(module).qweight", .i32, shape: [4, outputs], bytes: words)
      builder.add("h.0.\(module).qzeros", .i32, shape: [1, outputs / 8], bytes: Array(repeating: 0x77, count: outputs / 2))
      builder.add("h.0.\(module).scales", .f32, shape: [1, outputs], floats: Array(repeating: 2, count: outputs))
    }
    builder.add("wpe.weight", .f32, shape: [16, 32], floats: Array(repeating: 1, count: 512))
    builder.add("h.0.ln_1.weight", .f32, shape: [32], floats: Array(repeating: 1, count: 32))
    let folder = TemporaryFolder()
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder)))
    #expect(anatomy.architecture == "gpt2" && anatomy.storage == [.fused])
    #expect(anatomy.quantisation == "4-bit GPTQ, per channel")
    for role in [Role.qProj, .oProj] {
      let weight = try #require(anatomy.weights.first { $0.role == role })
      var values = [Float](repeating: 9, count: 1024)
      var span = values.mutableSpan
      weight.read(rows: 0..<32, columns: 0..<32, into: &span, at: 0, stride: 32)
      #expect(values.enumerated().nonEmptyAllSatisfy { $1 == ($0 == 5 * 32 ? 2 : 0) }, "\(role)")
    }
  }

  @Test("BERT's queries, keys and values are what they are anywhere, its position numbers are a buffer")
  func bert() throws {
    var tensors: [(name: String, shape: [Int])] = [
      ("embeddings.word_embeddings.weight", [20, 8]), ("embeddings.position_ids", [1, 16]), ("pooler.dense.weight", [8, 8]),
    ]
    for layer in 0..<2 {
      tensors += [
        ("encoder.layer.\(layer).attention.self.query.weight", [8, 8]), ("encoder.layer.\(layer).attention.self.query.bias", [8]),
        ("encoder.layer.\(layer).output.LayerNorm.weight", [8]),
      ]
    }
    let anatomy = try NamedTensors.anatomy(tensors, types: ["embeddings.position_ids": .i64])
    #expect(anatomy.layers == 2 && anatomy.reason("embeddings.position_ids") == .buffer && anatomy.warnings.isEmpty)
    #expect(anatomy.roles(in: 1) == ["q_proj", "q_proj.bias", "mlp_output_norm"] && anatomy.architecture == "bert")
    #expect(anatomy.hasTiedEmbeddings == nil)
  }

  @Test("a number glued to its word is a layer only where no name has one of its own")
  func glued() throws {
    let alone = try NamedTensors.anatomy(["block_0.fc", "block_1.fc", "head"].map { ($0 + ".weight", [4, 4]) })
    #expect(alone.layers == 2 && alone.roles(in: 1) == ["fc"] && alone.roles(in: nil) == ["head"])
    let beside = try NamedTensors.anatomy([("block_0.fc.weight", [40, 40]), ("blocks.7.fc.weight", [4, 4])])
    #expect(beside.layerNumbers == [7] && beside.roles(in: nil) == ["block_0.fc"])
  }

  @Test("a vision tower beside the language model is outside of its layers")
  func tower() throws {
    let tower = (0..<3).map { (name: "vision_tower.encoder.layers.\($0).mlp.fc1.weight", shape: [6, 6]) }
    let anatomy = try NamedTensors.anatomy(NamedTensors.llama(prefix: "language_model.model.", head: false) + tower)
    #expect(anatomy.layers == 2 && anatomy.architecture == "llama")
    let outside = anatomy.roles(in: nil)
    #expect(outside.prefix(2) == ["embed_tokens", "final_norm"])
    #expect(outside.suffix(3) == (0..<3).map { "vision.layers.\($0).up_proj" })
  }
}
