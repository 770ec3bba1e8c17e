import Foundation
import TestKit
import Testing

@testable import Commands

/// A checkpoint in every format of quantised weights against numpy in f64 on the dequantised truth (testdata/oracle/quantised.py).
@Suite struct QuantisedOracleTests {
  private static let candidate = Run.testdata + "variants/aurora-quantised"
  private static let foundation = Run.testdata + "aurora"

  private static var expected: [[String: Any]] {
    let data = FileManager.default.contents(atPath: Run.testdata + "oracle/quantised.json") ?? Data()
    return ((try? JSONSerialization.jsonObject(with: data)) as? [String: Any])?["tensors"] as? [[String: Any]] ?? []
  }

  @Test("a quantised tensor is compared as the numbers that it stands for, to 1e-6")
  func figures() throws {
    let run = Run("compare", Self.candidate, Self.foundation, "--format", "json")
    #expect(run.relation == "derived" && run.verdict["coverage"] as? Double == 1)
    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    #expect(tensors.count == Self.expected.count && Self.expected.count { $0["quantised"] as? Bool == true } == 24)
    for wanted in Self.expected {
      let name = try #require(wanted["name"] as? String)
      let found = try #require(tensors.first { $0["foundation"] as? String == name })
      for key in ["cosine", "centred_cosine", "relative_l2", "norm_ratio"] {
        let (a, b) = (try #require(found[key] as? Double), try #require(wanted[key] as? Double))
        #expect(abs(a - b) <= 1e-6, "\(name) \(key): \(a), expected \(b)")
      }
    }
  }

  @Test("two quantised checkpoints are compared with each other, and a copy is identical", arguments: ["quick", "thorough"])
  func copy(depth: String) throws {
    let folder = TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.candidate + "/model.safetensors", toPath: folder.path + "/model.safetensors")
    let run = Run("compare", folder.path, Self.candidate, "--format", "json", "--depth", depth)
    #expect(run.relation == "identical" && run.verdict["coverage"] as? Double == 1, "\(run.line ?? "")")
  }

  @Test("the answer is the same bytes with one thread and with two", arguments: ["compare", "heatmap"])
  func threads(command: String) {
    let answers = ["1", "2"].map { Run(command, Self.candidate, Self.foundation, "--format", "json", "--threads", $0).answer }
    #expect(answers[0] == answers[1] && answers[0].count > 100)
  }

  @Test("another model's config changes nothing where the tensors tell")
  func wrongConfig() throws {
    let folder = TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.candidate + "/model.safetensors", toPath: folder.path + "/model.safetensors")
    let plain = Run("compare", folder.path, Self.foundation, "--format", "json")
    try folder.write(
      """
      {"quantization_config": {"quant_method": "gptq", "bits": 8, "group_size": 999, "desc_act": true, "checkpoint_format": "gptq_v2",
       "weight_block_size": [64, 64], "config_groups": {"group_0": {"weights": {"num_bits": 5}}}}}
      """, to: "config.json")
    let hinted = Run("compare", folder.path, Self.foundation, "--format", "json")
    #expect(hinted.answer == plain.answer && plain.relation == "derived")
  }
}
