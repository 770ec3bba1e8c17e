import ElementTypes
import TestKit
import Testing

@testable import Commands

/// Shapes and types that no model has, behind names that many have: found by Tests/Peers/hostile_shapes.py.
@Suite struct HostileShapeTests {
  private let folder = TemporaryFolder()

  private func model(_ name: String, seed: UInt64, tokens: ElementType, shape: [Int]) throws -> String {
    var random = SeededGenerator(seed)
    var builder = SafetensorsBuilder()
    let count = shape.reduce(1, *)
    builder.add("model.embed_tokens.weight", tokens, shape: shape, bytes: random.bytes(count * tokens.bits / 8).map { $0 & 0xBF })
    for layer in 0..<2 {
      for (part, shape) in [("up_proj", [24, 16]), ("gate_proj", [24, 16]), ("down_proj", [16, 24])] {
        let floats = (0..<384).map { _ in Float(random.normal()) }
        builder.add("model.layers.\(layer).mlp.\(part).weight", .f32, shape: shape, floats: floats)
      }
    }
    return try builder.write(to: folder, as: name + ".safetensors")
  }

  @Test(
    "a token table that neurons cannot be read in is no seed for their basis",
    arguments: [(ElementType.c64, [20, 16]), (.c64, [20, 8]), (.f32, [20, 8]), (.f32, [2, 10, 16]), (.f32, [320])])
  func tokens(type: ElementType, shape: [Int]) throws {
    let paths = try ["a", "b"].enumerated().map { try model($1, seed: UInt64($0), tokens: type, shape: shape) }
    let run = Run("compare", paths[0], paths[1], "--depth", "thorough", "--format", "json")
    #expect(run.exitCode == 0 && run.relation != "derived", "\(run.line ?? "")")
  }
}
