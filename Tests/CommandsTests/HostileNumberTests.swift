import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// Numbers that are none, or none to calculate with: they are counted, they make figures undefined, they never stand in an answer.
@Suite struct HostileNumberTests {
  /// A filling for all matrices of a model: the value at each place.
  struct Filling: Sendable, CustomTestStringConvertible {
    var name: String
    var type: ElementType
    var value: @Sendable (Int, inout SeededGenerator) -> Float
    var testDescription: String { name }
  }

  static let fillings: [Filling] = [
    Filling(name: "normal", type: .f32) { Float($1.normal()) },
    Filling(name: "NaN", type: .f32) { _, _ in .nan },
    Filling(name: "infinite", type: .f32) { i, _ in i % 2 == 0 ? .infinity : -.infinity },
    Filling(name: "zero", type: .f32) { _, _ in 0 },
    Filling(name: "minus zero", type: .bf16) { _, _ in -0.0 },
    Filling(name: "constant", type: .f32) { _, _ in 0.1 },
    Filling(name: "denormal", type: .f32) { Float($1.normal()) * 0x1p-136 },
    Filling(name: "denormal BF16", type: .bf16) { Float($1.normal()) * 0x1p-130 },
    Filling(name: "denormal F16", type: .f16) { Float($1.normal()) * 1e-6 },
    Filling(name: "huge", type: .f32) { Float($1.normal()) * 9e37 },
    Filling(name: "huge BF16", type: .bf16) { Float($1.normal()) * 9e37 },
    Filling(name: "some NaN", type: .f32) { i, random in i % 97 == 0 ? .nan : Float(random.normal()) },
    Filling(name: "all but one zero", type: .f32) { i, _ in i == 500 ? 1 : 0 },
    Filling(name: "one huge", type: .f32) { i, random in i == 500 ? 3e38 : Float(random.normal()) },
  ]

  private let folder = TemporaryFolder()

  private func model(_ filling: Filling, as name: String, seed: UInt64) throws -> String {
    var random = SeededGenerator(seed)
    var builder = SafetensorsBuilder()
    for layer in 0..<3 {
      for (part, shape) in [("mlp.up_proj", [64, 32]), ("mlp.gate_proj", [64, 32]), ("mlp.down_proj", [32, 64])] {
        let floats = (0..<2048).map { filling.value($0, &random) }
        builder.add("model.layers.\(layer).\(part).weight", filling.type, shape: shape, floats: floats)
      }
      builder.add("model.layers.\(layer).input_layernorm.weight", filling.type, shape: [1], floats: [filling.value(0, &random)])
    }
    builder.add("model.embed_tokens.weight", filling.type, shape: [0, 32], floats: [])
    return try builder.write(to: folder, as: name + ".safetensors")
  }

  /// No number of an answer is NaN or infinite, in whatever letters.
  private func expectFinite(_ run: Run, _ format: String, _ comment: Comment) throws {
    guard run.exitCode == 0 else {
      // A heatmap of undefined cells alone is refused.
      #expect(run.exitCode == 65 && run.line?.contains("no cosine is defined") == true, comment)
      return
    }
    switch format {
    case "json":
      _ = try JSONSerialization.jsonObject(with: Data(run.answer.utf8))
    default:
      // The heads of the columns that count them, and the warning, have the words.
      let answer = run.answer.components(separatedBy: "warning:")[0]
      let rows = answer.split(separator: "\n").filter { !$0.contains("kurtosis") && !$0.contains("norm_ratio") }
      let words = rows.joined(separator: " ").lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
      #expect(!words.contains { ["nan", "inf", "infinity"].contains($0) }, comment)
    }
  }

  @Test("every figure of a model of such numbers is finite or undefined", arguments: fillings)
  func figures(_ filling: Filling) throws {
    let path = try model(filling, as: "a", seed: 1)
    let other = try model(filling, as: "b", seed: 2)
    let normal = try model(Self.fillings[0], as: "normal", seed: 3)
    for format in ["json", "csv", "text"] {
      let runs = [
        Run("inspect", path, "--tensors", "--format", format),
        Run("compare", path, other, "--format", format, "--depth", "quick"),
        Run("compare", path, normal, "--format", format, "--by", "tensor", "--depth", "quick"),
        Run("compare", normal, path, "--format", format, "--by", "role", "--depth", "quick"),
        Run("heatmap", path, normal, "--format", format),
        Run("heatmap", path, other, "--metric", "centred", "--format", format),
      ]
      for (number, run) in runs.enumerated() {
        try expectFinite(run, format, "\(filling.name), \(format), run \(number): \(run.line ?? run.answer)")
      }
    }
  }

  @Test("a model is identical to itself, whatever its numbers", arguments: fillings)
  func identity(_ filling: Filling) throws {
    let path = try model(filling, as: "a", seed: 1)
    try FileManager.default.copyItem(atPath: path, toPath: folder.path(of: "copy.safetensors"))
    let run = Run("compare", path, folder.path(of: "copy.safetensors"), "--format", "json")
    #expect(run.relation == "identical", "\(run.verdict)")
  }

  @Test("models of numbers that tell nothing are not called kin", arguments: fillings.filter { $0.name != "normal" })
  func kinship(_ filling: Filling) throws {
    let path = try model(filling, as: "a", seed: 1)
    let run = Run("compare", path, try model(Self.fillings[0], as: "normal", seed: 3), "--format", "json")
    #expect(["insufficient", "independent"].contains(run.relation), "\(run.verdict)")
    // Layers in another order and neurons in another basis were looked for too.
    try expectFinite(run, "json", "\(filling.name): \(run.line ?? run.answer)")
  }

  @Test("non-finite numbers are counted where they are")
  func counts() throws {
    let path = try model(Self.fillings[11], as: "a", seed: 1)
    let run = Run("inspect", path, "--tensors", "--format", "json")
    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    let matrices = tensors.filter { ($0["shape"] as? [Int])?.contains(64) == true }
    #expect(matrices.count == 9 && matrices.nonEmptyAllSatisfy { $0["nan"] as? Int == 22 && $0["mean"] is Double })
    let empty = try #require(tensors.first { $0["name"] as? String == "model.embed_tokens.weight" })
    #expect(empty["mean"] is NSNull && empty["max"] is NSNull)
  }

  @Test("squares of doubles that overflow leave a figure undefined or right, never infinite")
  func doubles() throws {
    var random = SeededGenerator(5)
    var builder = SafetensorsBuilder()
    for layer in 0..<3 {
      let bytes = (0..<2048).flatMap { _ in
        let bits = (random.normal() * 1e300).bitPattern
        return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
      }
      builder.add("model.layers.\(layer).mlp.up_proj.weight", .f64, shape: [64, 32], bytes: bytes)
    }
    let path = try builder.write(to: folder, as: "huge.safetensors")
    for format in ["json", "csv", "text"] {
      for run in [
        Run("compare", path, path, "--format", format), Run("inspect", path, "--tensors", "--format", format),
        Run("heatmap", path, path, "--format", format),
      ] { try expectFinite(run, format, "\(format): \(run.line ?? run.answer)") }
    }
    #expect(Run("compare", path, path, "--format", "json").relation == "identical")
  }
}
