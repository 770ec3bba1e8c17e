import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Threads

@testable import ChangeAnalysis
@testable import WeightSimilarity

/// A Llama-named model of seeded normal weights, and what tuning makes of it.
///
/// ```swift
/// let base = TunedModel(layers: 4, width: 64, seed: 1)
/// let tuned = base.adding(rank: 8, to: ["q_proj", "v_proj"], scale: 0.05)
/// try tuned.change(from: base, .bf16).lowRank?.rank     // 8
/// ```
struct TunedModel {
  let layers: Int
  let width: Int
  private(set) var random: SeededGenerator
  /// By name; gains have one row.
  private(set) var tensors: [String: (rows: Int, columns: Int, values: [Float])] = [:]

  static let roles = [
    "q_proj": "self_attn", "k_proj": "self_attn", "v_proj": "self_attn", "o_proj": "self_attn", "up_proj": "mlp",
  ]

  init(layers: Int = 3, width: Int = 48, tokens: Int = 40, seed: UInt64) {
    (self.layers, self.width) = (layers, width)
    random = SeededGenerator(seed)
    for layer in 0..<layers {
      for (role, block) in Self.roles.sorted(by: { $0.key < $1.key }) {
        add(name(role, block, layer), role == "up_proj" ? 2 * width : width, width)
      }
      tensors["model.layers.\(layer).input_layernorm.weight"] = (1, width, (0..<width).map { 1 + 0.01 * Float($0) })
    }
    add("model.embed_tokens.weight", tokens, width)
  }

  private func name(_ role: String, _ block: String, _ layer: Int) -> String { "model.layers.\(layer).\(block).\(role).weight" }

  private mutating func add(_ name: String, _ rows: Int, _ columns: Int) {
    tensors[name] = (rows, columns, (0..<rows * columns).map { _ in Float(0.02 * random.normal()) })
  }

  /// With ΔW = scale · B·A of this rank added to some roles of some layers (all when nil); ΔW has about `scale` of a weight's size.
  func adding(rank: Int, to roles: [String], layers chosen: [Int]? = nil, scale: Double) -> TunedModel {
    changing(roles, chosen) { tensor, random in
      let b = (0..<tensor.rows * rank).map { _ in random.normal() }
      let a = (0..<rank * tensor.columns).map { _ in random.normal() }
      for i in 0..<tensor.rows {
        for j in 0..<tensor.columns {
          let sum = (0..<rank).reduce(0.0) { $0 + b[i * rank + $1] * a[$1 * tensor.columns + j] }
          tensor.values[i * tensor.columns + j] += Float(0.02 * scale / Double(rank).squareRoot() * sum)
        }
      }
    }
  }

  /// With independent noise on every element.
  func adding(noise: Double, to roles: [String], layers chosen: [Int]? = nil) -> TunedModel {
    changing(roles, chosen) { tensor, random in
      for i in tensor.values.indices { tensor.values[i] += Float(0.02 * noise * random.normal()) }
    }
  }

  /// Without a part of a unit direction of the outputs: W − strength·v·(vᵀW), by layer. `keepsNorms`: of normalised rows, which
  /// get their norms back.
  func removing(_ direction: [Double], from roles: [String], strengths: [Double], keepsNorms: Bool) -> TunedModel {
    strengths.enumerated().filter { $0.element != 0 }.reduce(self) { model, each in
      model.changing(roles, [each.offset]) { tensor, _ in
        let (rows, columns) = (tensor.rows, tensor.columns)
        let row = { (values: [Float], i: Int) in values[i * columns..<(i + 1) * columns].map(Double.init) }
        let norm = { (values: [Double]) in keepsNorms ? values.reduce(0) { $0 + $1 * $1 }.squareRoot() : 1 }
        let units = (0..<rows).map { i -> [Double] in
          let values = row(tensor.values, i)
          return values.map { $0 / norm(values) }
        }
        let part = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + direction[$1] * units[$1][j] } }
        for i in 0..<rows {
          let changed = zip(units[i], part).map { $0 - each.element * direction[i] * $1 }
          let scale = norm(row(tensor.values, i)) / norm(changed)
          for j in 0..<columns { tensor.values[i * columns + j] = Float(changed[j] * scale) }
        }
      }
    }
  }

  /// With one direction of the outputs times a vector of its own for each layer added to a role, as a LoRA of rank 1 with a common factor.
  func writing(_ direction: [Double], to role: String, _ random: inout SeededGenerator) -> TunedModel {
    (0..<layers).reduce(self) { model, layer in
      let other = (0..<width).map { _ in random.normal() }
      return model.changing([role], [layer]) { tensor, _ in
        for i in 0..<tensor.rows {
          for j in 0..<tensor.columns { tensor.values[i * tensor.columns + j] += Float(0.02 * direction[i] * other[j]) }
        }
      }
    }
  }

  /// The direction that was removed, as the pass finds it.
  func removed(from foundation: TunedModel, _ type: ElementType) throws -> RemovedDirection? {
    let pairing = try pairing(with: foundation, type)
    let workers = Workers(threads: 2)
    let found = InPlacePass(pairing, workers: workers).run()
    return ChangePass(found, pairing, isThorough: false, workers: workers).removedDirection()
  }

  /// With more rows in the token table.
  func adding(tokens: Int) -> TunedModel {
    var copy = self
    let table = "model.embed_tokens.weight"
    copy.tensors[table]?.values += (0..<tokens * width).map { _ in Float(0.02 * copy.random.normal()) }
    copy.tensors[table]?.rows += tokens
    return copy
  }

  private func changing(
    _ roles: [String], _ chosen: [Int]?, _ body: (inout (rows: Int, columns: Int, values: [Float]), inout SeededGenerator) -> Void
  ) -> TunedModel {
    var copy = self
    for layer in chosen ?? Array(0..<layers) {
      for role in roles {
        let name = self.name(role, Self.roles[role] ?? "", layer)
        guard var tensor = tensors[name] else { continue }
        body(&tensor, &copy.random)
        copy.tensors[name] = tensor
      }
    }
    return copy
  }

  /// Written in one type and read back.
  func anatomy(_ type: ElementType) throws -> Anatomy {
    var builder = SafetensorsBuilder()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      builder.add(name, type, shape: tensor.rows == 1 ? [tensor.columns] : [tensor.rows, tensor.columns], floats: tensor.values)
    }
    let folder = TemporaryFolder()
    return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder)))
  }

  /// The pairing of this one as the candidate.
  func pairing(with foundation: TunedModel, _ type: ElementType, from other: ElementType? = nil) throws -> Pairing {
    Pairing(candidate: try anatomy(type), foundation: try foundation.anatomy(other ?? type))
  }

  /// What is found of the change.
  func change(
    from foundation: TunedModel, _ type: ElementType, from other: ElementType? = nil, isThorough: Bool = false, threads: Int = 2,
    few: Int = 1 << 21
  ) throws -> Change? {
    let pairing = try pairing(with: foundation, type, from: other)
    let workers = Workers(threads: threads)
    let found = InPlacePass(pairing, workers: workers).run()
    return Change(ChangePass(found, pairing, isThorough: isThorough, workers: workers, few: few).run())
  }
}
