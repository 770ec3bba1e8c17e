import ElementTypes
import TestKit
import Testing

@testable import Checkpoints

/// What makes a file an adapter, and what a model with factors of its own.
@Suite struct AdapterRecognitionTests {
  private let folder = TemporaryFolder()

  private func isAdapter(_ names: [String], description: Bool, file: String = "model.safetensors") throws -> Bool {
    var builder = SafetensorsBuilder()
    for name in names { builder.add(name, .u8, shape: [2, 2], bytes: [1, 2, 3, 4]) }
    if description { try folder.write(#"{"peft_type": "LORA"}"#, to: "adapter_config.json") }
    return try Checkpoint.open(try builder.write(to: folder, as: file)).isAdapter
  }

  private static let factors = ["q", "o"].flatMap { ["a.\($0).lora_A.weight", "a.\($0).lora_B.weight"] }
  private static let weights = ["q", "k", "v", "o", "gate", "up", "down"].map { "a.\($0).weight" }

  @Test("factors alone are an adapter, and weights beside them make a model, with a description too", arguments: [false, true])
  func weights(description: Bool) throws {
    #expect(try isAdapter(Self.factors, description: description))
    #expect(try !isAdapter(Self.factors + Self.weights, description: description))
    #expect(try !isAdapter(Self.weights, description: description))
    #expect(try !isAdapter((Self.factors + Self.weights).map { "base_model.model." + $0 }, description: description))
  }

  @Test("a table saved whole is part of an adapter that says so by its description or its names")
  func saved() throws {
    let names = Self.factors + ["lm_head.weight"]
    #expect(try !isAdapter(names, description: false))
    #expect(try isAdapter(names.map { "base_model.model." + $0 }, description: false))
    #expect(try isAdapter(names, description: true))
  }

  @Test("a description beside weights of another name does not make their folder an adapter")
  func description() throws {
    #expect(try !isAdapter(Self.weights, description: true, file: "weights.safetensors"))
    #expect(try Checkpoint.open(folder.path).tensors.count == Self.weights.count)
    #expect(try Checkpoint.find(below: folder.path).map(\.kind) == [.file])
  }
}
