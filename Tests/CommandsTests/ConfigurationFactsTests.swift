import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// What `inspect` says of the configuration beside the weights.
@Suite struct ConfigurationFactsTests {
  private let folder = TemporaryFolder()

  /// aurora with another configuration.
  private func model(_ configuration: String) throws -> String {
    try folder.link("m/model.safetensors", to: Run.testdata + "aurora/model.safetensors")
    try folder.write(configuration, to: "m/config.json")
    return folder.path(of: "m")
  }

  @Test("heads that no tensor shows are those of the configuration, where they divide the rows")
  func heads() throws {
    let run = Run("inspect", Run.testdata + "aurora", "--format", "json")
    let facts = try #require(run.json["configuration"] as? [String: Any])
    #expect(facts["attention_heads"] as? Int == 4 && facts["key_value_heads"] as? Int == 2)
    #expect((facts["contradicted"] as? [Any])?.isEmpty == true && facts["experts_per_token"] is NSNull)
    #expect(run.json["bits_per_weight"] as? Double == 16 && run.json["active_parameters"] is NSNull)
    let text = Run("inspect", Run.testdata + "aurora").answer
    #expect(
      text.contains("heads           4 (by the configuration)") && text.contains("key-value heads 2 (by the configuration)"))
    #expect(!text.contains("contradiction"))
  }

  @Test("sizes that the tensors do not have are named, and heads that do not fit are not believed")
  func contradicted() throws {
    let claims =
      "\"num_hidden_layers\": 6, \"hidden_size\": 80, \"intermediate_size\": 176, \"vocab_size\": 500, \"num_experts\": 8"
    let path = try model("{\"num_attention_heads\": 5, \"num_key_value_heads\": 5, \(claims)}")
    let run = Run("inspect", path, "--format", "json")
    let facts = try #require(run.json["configuration"] as? [String: Any])
    let contradicted = try #require(facts["contradicted"] as? [[String: Any]])
    #expect(contradicted.compactMap { $0["name"] as? String } == ["num_hidden_layers", "hidden_size", "vocab_size"])
    #expect(contradicted.compactMap { $0["claimed"] as? Int } == [6, 80, 500])
    #expect(contradicted.compactMap { $0["found"] as? Int } == [4, 64, 512])
    #expect(facts["attention_heads"] is NSNull)
    let text = Run("inspect", path).answer
    #expect(text.contains("contradiction   the configuration states num_hidden_layers 6, the tensors show 4"))
  }

  @Test(
    "a model without a configuration, or with one that is no object, has no claims", arguments: ["[]", "{}", "null", "no JSON"])
  func none(configuration: String) throws {
    let run = Run("inspect", try model(configuration), "--format", "json")
    let facts = try #require(run.json["configuration"] as? [String: Any])
    #expect(run.exitCode == 0 && facts["attention_heads"] is NSNull && (facts["contradicted"] as? [Any])?.isEmpty == true)
  }

  @Test("of a mixture, the parameters that work on one token are counted")
  func active() throws {
    var builder = SafetensorsBuilder()
    let sizes: [(String, [Int])] = [
      ("embed_tokens", [32, 16]), ("layers.0.input_layernorm", [16]), ("layers.0.post_attention_layernorm", [16]), ("norm", [16]),
      ("layers.0.self_attn.q_proj", [16, 16]), ("layers.0.self_attn.k_proj", [16, 16]), ("layers.0.self_attn.v_proj", [16, 16]),
      ("layers.0.self_attn.o_proj", [16, 16]), ("layers.0.block_sparse_moe.gate", [4, 16]),
    ]
    var shapes = sizes.map { ("model.\($0.0).weight", $0.1) }
    for expert in 0..<4 {
      for (name, shape) in [("w1", [24, 16]), ("w2", [16, 24]), ("w3", [24, 16])] {
        shapes.append(("model.layers.0.block_sparse_moe.experts.\(expert).\(name).weight", shape))
      }
    }
    for (name, shape) in shapes {
      builder.add(name, .f32, shape: shape, floats: [Float](repeating: 0.5, count: shape.reduce(1, *)))
    }
    try builder.write(to: folder)
    try folder.write("{\"num_local_experts\": 4, \"num_experts_per_tok\": 2}", to: "config.json")
    let run = Run("inspect", folder.path, "--format", "json")
    let total = try #require(run.json["parameters"] as? Int)
    #expect(run.json["architecture"] as? String == "mixtral" && run.json["experts"] as? Int == 4)
    #expect(run.json["active_parameters"] as? Int == total - 2 * 3 * 24 * 16)
    #expect(Run("inspect", folder.path).answer.contains("experts         4, 2 for a token (by the configuration)"))
  }
}
