import TensorViews
import TestKit
import Testing

@testable import Adapters

@Suite struct AdapterSummaryTests {
  private static let summariesTable: [(String, AdapterSummary)] = [
    ("lora", .init(ranks: 4...4, targets: ["q_proj", "v_proj"])),
    ("rslora", .init(method: .rankStabilisedLoRA, ranks: 4...4, targets: ["down_proj", "k_proj"])),
    ("dora", .init(method: .dora, ranks: 3...3, targets: ["down_proj", "q_proj"])),
    (
      "patterns",
      .init(ranks: 2...6, targets: ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"])
    ),
    ("embedding", .init(ranks: 4...4, targets: ["embed_tokens", "o_proj"])),
    ("dora-embedding", .init(method: .dora, ranks: 4...4, targets: ["embed_tokens"])),
    (
      "whole",
      .init(
        ranks: 4...4, targets: ["q_proj"], wholeTensors: ["input_layernorm", "lm_head", "norm", "post_attention_layernorm"])
    ),
    ("bias-lora-only", .init(ranks: 4...4, targets: ["v_proj"], wholeTensors: ["v_proj.bias"])),
    ("tokens", .init(ranks: 4...4, targets: ["k_proj"], tokenRows: [.init(rows: 3, module: "embed_tokens")])),
    ("tied-head", .init(ranks: 4...4, targets: ["lm_head", "q_proj"])),
    ("gpt2", .init(ranks: 4...4, targets: ["c_attn", "c_proj"])),
    ("gpt2-lora-bias", .init(method: .rankStabilisedLoRA, ranks: 4...4, targets: ["c_attn"])),
    ("experts-one", .init(ranks: 2...2, targets: ["down_proj"])),
    ("experts-two", .init(ranks: 2...3, targets: ["down_proj", "gate_up_proj", "q_proj"])),
    ("experts-router", .init(ranks: 2...2, targets: ["gate"])),
    ("experts-split", .init(ranks: 2...3, targets: ["down_proj", "gate_up_proj"])),
  ]

  private static let scalesTable: [(String, Double?, ClosedRange<Double>)] = [
    ("lora", 6, 1.5...1.5), ("rslora", 6, 3...3), ("experts-two", nil, 0.5...4.5),
  ]

  @Test("an adapter is summed up by kind, ranks and what it changes", arguments: summariesTable)
  func summaries(name: String, summary: AdapterSummary) throws {
    var found = try AdapterFolders.adapter(name).summary
    // Another test has them.
    (found.alpha, found.scales) = (nil, nil)
    #expect(found == summary)
  }

  @Test("a summary has alpha where there is one, and the range of scales", arguments: scalesTable)
  func scales(name: String, alpha: Double?, scales: ClosedRange<Double>) throws {
    let found = try AdapterFolders.adapter(name).summary
    #expect(found.alpha == alpha && found.scales == scales)
  }

  @Test("an adapter of whole tensors alone has no rank, and one of nothing has nothing")
  func others() throws {
    let whole = try AdapterFolders.made([("base_model.model.lm_head.modules_to_save.default.weight", [4, 2])])
    #expect(whole.adapter.summary.wholeTensors == ["lm_head"] && whole.adapter.summary.ranks == nil)
    #expect(whole.adapter.refusal == nil)
    let nothing = try AdapterFolders.made([("base_model.model.lm_head.lora_A.weight", [4, 2])])
    #expect(nothing.adapter.summary.wholeTensors.isEmpty && nothing.adapter.summary.ranks == nil)
    #expect(nothing.adapter.refusal != nil)
  }

  @Test("ranks count modules, targets are what was changed")
  func counts() throws {
    let adapter = try AdapterFolders.adapter("patterns")
    #expect(adapter.ranks == [2: 2, 3: 1, 4: 9, 6: 2] && adapter.replaced.isEmpty)
    #expect(try AdapterFolders.adapter("embedding").replaced.isEmpty)
    #expect(try AdapterFolders.adapter("whole").replaced.count == 6)
  }
}
