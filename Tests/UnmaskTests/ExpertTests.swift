import ElementTypes
import Lineage
import TestKit
import Testing

@testable import Unmask

/// Models of which some experts have a common origin, and others do not.
@Suite struct ExpertTests {
  private static let (layers, experts, width, neurons) = (3, 4, 48, 96)

  /// A model in Mixtral's names. Each tensor is drawn from a seed of its own: that of `other` in the experts `shared`, and `seed` elsewhere.
  private func write(
    _ seed: UInt64, sharing shared: [Int] = [], of other: UInt64 = 0, to folder: TemporaryFolder, as name: String
  )
    throws -> String
  {
    let (width, neurons) = (Self.width, Self.neurons)
    var tensors: [(name: String, rows: Int, columns: Int, seed: UInt64)] = [("model.embed_tokens.weight", 128, width, seed)]
    for layer in 0..<Self.layers {
      let start = "model.layers.\(layer)."
      for (part, rows) in [("q", width), ("k", width), ("v", width), ("o", width)] {
        tensors.append((start + "self_attn.\(part)_proj.weight", rows, width, seed))
      }
      tensors.append((start + "block_sparse_moe.gate.weight", Self.experts, width, seed))
      for expert in 0..<Self.experts {
        let own = shared.contains(expert) ? other : seed
        for (part, rows, columns) in [("w1", neurons, width), ("w3", neurons, width), ("w2", width, neurons)] {
          tensors.append((start + "block_sparse_moe.experts.\(expert).\(part).weight", rows, columns, own))
        }
      }
    }
    var builder = SafetensorsBuilder()
    for (number, tensor) in tensors.enumerated() {
      var random = SeededGenerator(tensor.seed &* 1_000 &+ UInt64(number))
      let values = (0..<tensor.rows * tensor.columns).map { _ in 0.05 * Float(random.normal()) }
      builder.add(tensor.name, .f32, shape: [tensor.rows, tensor.columns], floats: values)
    }
    for layer in 0..<Self.layers {
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        builder.add("model.layers.\(layer).\(norm).weight", .f32, shape: [width], floats: Array(repeating: 1, count: width))
      }
    }
    builder.add("model.norm.weight", .f32, shape: [width], floats: Array(repeating: 1, count: width))
    try builder.write(to: folder, as: name + "/model.safetensors")
    return "\(folder.path)/\(name)"
  }

  @Test("a stranger with one of the foundation's experts is partial; the expert is named, and only its parameters are covered")
  func oneExpert() throws {
    let folder = TemporaryFolder()
    let foundation = try write(31, to: folder, as: "foundation")
    let candidate = try write(32, sharing: [2], of: 31, to: folder, as: "candidate")
    let result = try Unmask.compare(candidate: candidate, foundation: foundation)
    #expect(result.relation == .partial)
    guard case .someExperts(let derived, let foreign, _) = result.verdict.reason else {
      Issue.record("\(String(describing: result.verdict.reason))")
      return
    }
    #expect(derived == [0: [2], 1: [2], 2: [2]] && foreign == [0: [0, 1, 3], 1: [0, 1, 3], 2: [0, 1, 3]])
    // An expert of four, beside attention, routers and a token table.
    let expert = 3 * Self.width * Self.neurons
    let all = Self.layers * (4 * Self.width * Self.width + Self.experts * (expert + Self.width)) + 128 * Self.width
    #expect(abs((result.coverage ?? 0) - Double(Self.layers * expert) / Double(all)) < 0.01)
  }

  @Test("a model whose experts are all the foundation's is derived")
  func allExperts() throws {
    let folder = TemporaryFolder()
    let foundation = try write(33, to: folder, as: "foundation")
    let candidate = try write(34, sharing: [0, 1, 2, 3], of: 33, to: folder, as: "candidate")
    #expect(try Unmask.compare(candidate: candidate, foundation: foundation).relation == .derived)
  }
}
