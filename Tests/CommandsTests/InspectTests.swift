import Foundation
import Testing

@testable import Commands

@Suite struct InspectTests {
  @Test("the document says what the tensors tell, and null where they do not")
  func document() throws {
    let json = Run("inspect", Run.testdata + "aurora", "--format", "json").json
    #expect(json["schema"] as? String == "unmask.inspect/1")
    #expect(json["architecture"] as? String == "llama")
    #expect(json["layers"] as? Int == 4 && json["hidden_size"] as? Int == 64 && json["intermediate_size"] as? Int == 176)
    #expect(json["vocabulary"] as? Int == 512 && json["tied_embeddings"] as? Bool == false)
    #expect(
      json["attention_heads"] is NSNull && json["experts"] is NSNull && json["quantisation"] is NSNull && json["sha256"] is NSNull
    )
    #expect(json["parameters"] as? Int == 250_432 && json["bytes"] as? Int == 500_864)
    #expect((json["dtypes"] as? [String: Int]) == ["BF16": 39])
    let tensor = try #require(
      (json["tensors"] as? [[String: Any]])?.first { $0["name"] as? String == "model.layers.2.mlp.up_proj.weight" })
    #expect(tensor["role"] as? String == "up_proj" && tensor["layer"] as? Int == 2 && tensor["bytes"] as? Int == 22_528)
    #expect(tensor["shape"] as? [Int] == [176, 64] && tensor["dtype"] as? String == "BF16")
  }

  @Test("statistics agree with a plain f64 computation over the widened values")
  func statistics() throws {
    let run = Run("inspect", Run.testdata + "aurora", "--tensors", "--format", "json")
    let tensor = try #require((run.json["tensors"] as? [[String: Any]])?.first { $0["name"] as? String == "model.norm.weight" })
    let data = try #require(FileManager.default.contents(atPath: Run.testdata + "aurora/model.safetensors"))
    let offset = try #require(tensor["offset"] as? Int)
    let values = (0..<64).map { i in
      Double(Float(bitPattern: UInt32(data[offset + 2 * i]) << 16 | UInt32(data[offset + 2 * i + 1]) << 24))
    }
    let mean = values.reduce(0, +) / 64
    let deviations = values.map { $0 - mean }
    let second = deviations.reduce(0) { $0 + $1 * $1 } / 64
    let fourth = deviations.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 64
    let close = { (key: String, expected: Double) in
      #expect(abs((tensor[key] as? Double ?? .nan) - expected) < 1e-9, "\(key): \(tensor[key] ?? "none"), expected \(expected)")
    }
    close("mean", mean)
    close("sd", second.squareRoot())
    close("rms", (values.reduce(0) { $0 + $1 * $1 } / 64).squareRoot())
    close("min", values.min() ?? .nan)
    close("max", values.max() ?? .nan)
    close("kurtosis", fourth / (second * second) - 3)
    #expect(tensor["nan"] as? Int == 0 && tensor["inf"] as? Int == 0 && tensor["zeros"] as? Int == 0)
  }

  @Test("the content hash does not depend on shards or threads, and tells models apart")
  func hash() {
    let hash = { (model: String, threads: String) in
      Run("inspect", Run.testdata + model, "--hash", "--threads", threads, "--format", "json").json["sha256"] as? String
    }
    #expect(hash("aurora", "1")?.count == 64)
    #expect(hash("aurora", "1") == hash("aurora", "5"))
    #expect(hash("aurora", "1") != hash("borealis", "1"))
  }

  @Test("every format names every tensor when statistics are asked for", arguments: ["text", "csv", "markdown"])
  func formats(format: String) {
    let answer = Run("inspect", Run.testdata + "aurora-chat", "--tensors", "--format", format).answer
    #expect(answer.contains("lm_head.weight") && answer.contains("model.layers.3.mlp.down_proj.weight"))
  }
}
