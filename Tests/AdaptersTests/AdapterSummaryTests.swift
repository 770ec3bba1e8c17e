import TensorViews
import TestKit
import Testing

@testable import Adapters

@Suite struct AdapterSummaryTests {
  @Test(
    "an adapter is described by kind, rank and what it changes",
    arguments: [
      ("lora", "LoRA rank 4 on q_proj, v_proj, not merged"),
      ("rslora", "rsLoRA rank 4 on down_proj, k_proj, not merged"),
      ("dora", "DoRA rank 3 on down_proj, q_proj, not merged"),
      ("patterns", "LoRA rank 2–6 on down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj, not merged"),
      ("embedding", "LoRA rank 4 on embed_tokens, o_proj, not merged"),
      ("dora-embedding", "DoRA rank 4 on embed_tokens, not merged"),
      (
        "whole",
        "LoRA rank 4 on q_proj, not merged; whole tensors: input_layernorm, lm_head, norm, post_attention_layernorm"
      ),
      ("bias-lora-only", "LoRA rank 4 on v_proj, not merged; whole tensors: v_proj.bias"),
      ("tokens", "LoRA rank 4 on k_proj, not merged; 3 rows of embed_tokens"),
      ("tied-head", "LoRA rank 4 on lm_head, q_proj, not merged"),
      ("gpt2", "LoRA rank 4 on c_attn, c_proj, not merged"),
      ("gpt2-lora-bias", "rsLoRA rank 4 on c_attn, not merged"),
      ("experts-one", "LoRA rank 2 on down_proj, not merged"),
      ("experts-two", "LoRA rank 2–3 on down_proj, gate_up_proj, q_proj, not merged"),
      ("experts-router", "LoRA rank 2 on gate, not merged"),
      ("experts-split", "LoRA rank 2–3 on down_proj, gate_up_proj, not merged"),
    ])
  func summaries(name: String, summary: String) throws {
    #expect(try AdapterFolders.adapter(name).summary == summary)
  }

  @Test(
    "with its scale, an adapter says alpha where there is one, and the range where there are several",
    arguments: [
      ("lora", "LoRA rank 4 (alpha 6, scale 1.5) on q_proj, v_proj, not merged"),
      ("rslora", "rsLoRA rank 4 (alpha 6, scale 3) on down_proj, k_proj, not merged"),
      ("experts-two", "LoRA rank 2–3 (scale 0.5–4.5) on down_proj, gate_up_proj, q_proj, not merged"),
    ])
  func details(name: String, details: String) throws {
    #expect(try AdapterFolders.adapter(name).details == details)
  }

  @Test("an adapter of whole tensors alone, and one of nothing, say so")
  func others() throws {
    let whole = try AdapterFolders.made([("base_model.model.lm_head.modules_to_save.default.weight", [4, 2])])
    #expect(whole.adapter.summary == "whole tensors: lm_head" && whole.adapter.refusal == nil)
    let nothing = try AdapterFolders.made([("base_model.model.lm_head.lora_A.weight", [4, 2])])
    #expect(nothing.adapter.summary == "adapter without a change" && nothing.adapter.refusal != nil)
  }

  @Test("ranks count modules, targets are what was changed")
  func counts() throws {
    let adapter = try AdapterFolders.adapter("patterns")
    #expect(adapter.ranks == [2: 2, 3: 1, 4: 9, 6: 2] && adapter.replaced.isEmpty)
    #expect(try AdapterFolders.adapter("embedding").replaced.isEmpty)
    #expect(try AdapterFolders.adapter("whole").replaced.count == 6)
  }
}
