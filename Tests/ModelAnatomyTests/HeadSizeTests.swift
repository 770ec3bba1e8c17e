import Checkpoints
import ElementTypes
import RoleInference
import TensorFiles
import TestKit
import Testing

@testable import ModelAnatomy

@Suite struct HeadSizeTests {
  private static func anatomy(of name: String, config: String? = nil, flat: Bool = false, headSize: Int? = nil) throws -> Anatomy
  {
    let model = try #require(ArchitectureCase.all.first { $0.name == name })
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    var random = SeededGenerator(7)
    for tensor in model.tensors {
      let count = tensor.shape.reduce(1, *)
      // Rows all alike, as in a model that was never trained.
      let values = flat ? (0..<count).map { _ in Float(random.normal()) } : tensor.numbers(head: model.head)
      builder.add(tensor.name, .f32, shape: tensor.shape, floats: values)
    }
    if let config { try folder.write(config, to: "config.json") }
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    return ModelReading.anatomy(of: checkpoint, headSize: headSize)
  }

  @Test(
    "the rows of trained weights tell the size of a head",
    arguments: [
      "gpt_neox", "gpt_neox, heads of four", "bloom", "falcon", "falcon, all heads", "internlm2", "chatglm, all heads",
      "mistral_consolidated", "mixtral, minimax",
    ])
  func weights(name: String) throws {
    let model = try #require(ArchitectureCase.all.first { $0.name == name })
    let head = try #require(try Self.anatomy(of: name).headSize)
    #expect(head == HeadSize(size: model.head, source: .weights, others: []))
  }

  @Test("the weights outvote a config that fits the shapes")
  func misleading() throws {
    let head = try Self.anatomy(of: "gpt_neox", config: "{\"num_attention_heads\": 8}").headSize
    #expect(head?.size == 8 && head?.source == .weights)
  }

  @Test("weights that were never trained leave it to the config, and without one to what is usual")
  func untrained() throws {
    let said = try #require(try Self.anatomy(of: "gpt_neox", config: "{\"num_attention_heads\": 2}", flat: true).headSize)
    #expect(said.size == 16 && said.source == .config && said.others.contains(8) && !said.others.contains(16))
    let unfit = try #require(
      try Self.anatomy(of: "gpt_neox", config: "{\"num_attention_heads\": 3, \"head_dim\": 11}", flat: true).headSize)
    #expect(unfit.source == .assumed && unfit.size == 32 && unfit.others == [16, 8, 4, 2])
  }

  @Test("a size that the caller gives overrides everything, and cuts accordingly")
  func given() throws {
    let own = try Self.anatomy(of: "gpt_neox")
    let other = try Self.anatomy(of: "gpt_neox", headSize: 4)
    #expect(other.headSize == HeadSize(size: 4, source: .given, others: []))
    let row = { (anatomy: Anatomy) throws -> [Float] in
      let k = try #require(anatomy.weights.first { $0.role == .kProj && $0.layer == 0 })
      var values = [Float](repeating: 0, count: k.columns)
      var span = values.mutableSpan
      k.read(rows: 0..<1, columns: 0..<k.columns, into: &span, at: 0, stride: k.columns)
      return values
    }
    let (ours, theirs) = (try row(own), try row(other))
    #expect(ours != theirs)
    #expect(other.dimensions.attentionHeads == nil && own.dimensions.attentionHeads == 4)
  }

  @Test("two models of which one only assumes a size are read with the size that is known more surely, in either order")
  func agreement() throws {
    let sure = try Self.anatomy(of: "gpt_neox")
    let unsure = try Self.anatomy(of: "gpt_neox", config: "{\"num_attention_heads\": 2}", flat: true)
    #expect(sure.headSize?.size == 8 && unsure.headSize?.size == 16)
    let (first, second) = ModelReading.agreeing(unsure, sure)
    #expect(first.headSize?.size == 8 && second.headSize == sure.headSize)
    let (third, fourth) = ModelReading.agreeing(sure, unsure)
    #expect(third.headSize == sure.headSize && fourth.headSize?.size == 8)
    // Of two that are as unsure the second one's is taken; what is certain of both stays, however different.
    let assumed = try Self.anatomy(of: "gpt_neox", flat: true)
    let other = try Self.anatomy(of: "gpt_neox", config: "{\"num_attention_heads\": 4}", flat: true)
    #expect(assumed.headSize?.size == 32 && ModelReading.agreeing(assumed, unsure).0.headSize?.size == 16)
    #expect(
      ModelReading.agreeing(unsure, other).0.headSize?.size == 8 && ModelReading.agreeing(other, unsure).0.headSize?.size == 16)
  }

  @Test("norms of heads, stored frequencies and the one key head of multi-query attention tell it for certain")
  func tensors() throws {
    for name in ["qwen3", "gpt_bigcode", "cohere, norms of heads", "qwen3_next"] {
      let head = try Self.anatomy(of: name, flat: true).headSize
      #expect(head == HeadSize(size: 8, source: .tensors, others: []), "\(name)")
    }
  }

  @Test("where nothing depends on it, it is what the config says if that fits, else unknown")
  func independent() throws {
    let config = "{\"hidden_size\": 32, \"num_attention_heads\": 6, \"head_dim\": 8}"
    #expect(try Self.anatomy(of: "llama", config: config).headSize?.source == .config)
    #expect(try Self.anatomy(of: "llama", config: config).dimensions.attentionHeads == nil)
    #expect(try Self.anatomy(of: "llama", config: "{\"head_dim\": 9}").headSize == nil)
    #expect(try Self.anatomy(of: "llama").headSize == nil)
  }

  @Test("offset gains are told by their signs; where these leave doubt, by the config")
  func gains() throws {
    let offsets = try Self.anatomy(of: "gemma")
    #expect(offsets.architecture == "gemma")
    // A Llama without a head of its own, its gains all positive: no config makes it a Gemma.
    var tensors = NamedTensors.llama(head: false)
    tensors.removeAll { $0.name == "lm_head.weight" }
    let folder = TemporaryFolder()
    let read = { (negative: Int, config: String) throws -> Anatomy in
      var builder = SafetensorsBuilder()
      var left = negative
      for (name, shape) in tensors {
        let count = shape.reduce(1, *)
        let values = (0..<count).map { i -> Float in
          if shape.count == 1, left > 0, i == 0 { left -= 1; return -0.1 }
          return 0.5
        }
        builder.add(name, .f32, shape: shape, floats: values)
      }
      try folder.write(config, to: "\(negative)/config.json")
      return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "\(negative)/model.safetensors")))
    }
    let gemma = "{\"model_type\": \"gemma\"}"
    #expect(try read(0, gemma).architecture == "llama")
    #expect(try read(1, gemma).architecture == "gemma")
    #expect(try read(1, "{}").architecture == "llama")
    #expect(try read(5, "{\"model_type\": \"llama\"}").architecture == "gemma")
  }
}
