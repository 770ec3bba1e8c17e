import ChangeAnalysis
import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Lineage

@Suite struct TuningTests {
  private typealias Model = [String: (shape: [Int], values: [Float])]

  /// Four layers of two matrices and a gain, and a token table.
  private let base: Model = {
    var random = SeededGenerator(31)
    var model: Model = [:]
    let add = { (name: String, shape: [Int]) in
      model[name] = (shape, (0..<shape.reduce(1, *)).map { _ in Float(0.02 * random.normal()) })
    }
    add("model.embed_tokens.weight", [50, 40])
    for layer in 0..<4 {
      add("model.layers.\(layer).self_attn.q_proj.weight", [40, 40])
      add("model.layers.\(layer).mlp.up_proj.weight", [64, 40])
      add("model.layers.\(layer).input_layernorm.weight", [40])
    }
    return model
  }()

  private func noised(_ model: Model, _ noise: Float, seed: UInt64 = 1, where isMeant: (String) -> Bool) -> Model {
    var random = SeededGenerator(seed)
    var copy = model
    for name in model.keys.sorted() where isMeant(name) {
      copy[name]?.values = model[name]?.values.map { $0 + noise * Float(random.normal()) } ?? []
    }
    return copy
  }

  /// With an update of rank r.
  private func updated(_ model: Model, rank: Int, where isMeant: (String) -> Bool) -> Model {
    var random = SeededGenerator(2)
    var copy = model
    for name in model.keys.sorted() where isMeant(name) {
      guard let (shape, values) = model[name] else { continue }
      let b = (0..<shape[0] * rank).map { _ in Float(0.1 * random.normal()) }
      let a = (0..<rank * shape[1]).map { _ in Float(0.03 * random.normal()) }
      copy[name]?.values = values.indices.map { i in
        (0..<rank).reduce(values[i]) { $0 + b[i / shape[1] * rank + $1] * a[$1 * shape[1] + i % shape[1]] }
      }
    }
    return copy
  }

  private func facts(_ candidate: Model, _ type: ElementType = .bf16, from other: ElementType = .bf16, isMeasured: Bool = true)
    throws
    -> [TuningFact]
  {
    let folder = TemporaryFolder()
    func anatomy(_ model: Model, _ type: ElementType, _ file: String) throws -> Anatomy {
      var builder = SafetensorsBuilder()
      for (name, tensor) in model.sorted(by: { $0.key < $1.key }) {
        builder.add(name, type, shape: tensor.shape, floats: tensor.values)
      }
      return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: file)))
    }
    let pairing = Pairing(
      candidate: try anatomy(candidate, type, "candidate.safetensors"), foundation: try anatomy(base, other, "base.safetensors"))
    let workers = Workers(threads: 2)
    let found = InPlacePass(pairing, workers: workers).run()
    let measured = isMeasured ? ChangePass(found, pairing, isThorough: false, workers: workers).run() : found
    return TuningFact.all(measured, Change(measured))
  }

  /// A merged LoRA of rank 3.
  private func lora(_ roles: [String], layers: [Int] = []) -> TuningFact {
    .mergedLoRA([.init(rank: 3, roles: roles)], layers: layers)
  }

  @Test("a LoRA is named with rank, roles and the layers that it touched")
  func lora() throws {
    let found = try facts(updated(base, rank: 3) { $0.contains("q_proj") || $0.contains("up_proj") })
    #expect(
      found.prefix(2) == [lora(["q_proj", "up_proj"]), .frozen([.role("embed_tokens"), .norms], layers: [])])
    let half = try facts(updated(base, rank: 3) { $0.contains("q_proj") && ($0.contains("2") || $0.contains("3")) })
    #expect(half.first == lora(["q_proj"], layers: [2, 3]))
    #expect(half.contains { if case .frozen(_, layers: [0, 1]) = $0 { true } else { false } })
  }

  @Test("what was trained beside a LoRA is named, too")
  func beside() throws {
    let merged = updated(base, rank: 3) { $0.contains("q_proj") }
    let found = try facts(noised(merged, 0.01) { $0.contains("embed") || $0.contains("norm") })
    #expect(found.first == lora(["q_proj"]))
    #expect(found.contains(.fullFinetuning(.roles(["embed_tokens"]))) && found.contains(.frozen([.role("up_proj")], layers: [])))
  }

  @Test("a full finetuning is said to be one, with the share of its first directions and what stayed frozen")
  func full() throws {
    let found = try facts(noised(base, 0.01) { _ in true })
    #expect(found.first == .fullFinetuning(.all))
    #expect(found.contains { if case .energyOfEight(let share) = $0 { (0.1..<1).contains(share) } else { false } })
    #expect(!found.contains { if case .frozen = $0 { true } else { $0 == .restFrozen } })
    let layers = try facts(noised(base, 0.01) { $0.contains("layers.3") })
    #expect(layers.first == .fullFinetuning(.allInLayers(outside: [])))
    #expect(layers.contains(.frozen([.role("embed_tokens")], layers: [0, 1, 2])))
    #expect(layers.contains { if case .movedMost(layer: 3, let distance) = $0 { (0..<1).contains(distance) } else { false } })
  }

  @Test("gains alone")
  func gains() throws {
    let found = try facts(noised(base, 0.01) { $0.contains("norm") })
    #expect(found == [.trained([.norms]), .frozen([.role("embed_tokens"), .role("q_proj"), .role("up_proj")], layers: [])])
  }

  @Test("a cast is a cast")
  func cast() throws {
    #expect(try facts(base, .bf16, from: .f32) == [.type(before: "F32", after: "BF16", rounded: 1)])
    let tuned = try facts(updated(base, rank: 3) { $0.contains("q_proj") }, .bf16, from: .f32)
    #expect(tuned.first == lora(["q_proj"]))
    #expect(tuned.last.map { if case .type("F32", "BF16", .some) = $0 { true } else { false } } == true)
  }

  @Test("without measured singular values there is no fact on ranks")
  func unmeasured() throws {
    let found = try facts(updated(base, rank: 3) { $0.contains("q_proj") }, isMeasured: false)
    #expect(
      found.prefix(2) == [.changed(roles: ["q_proj"]), .frozen([.role("embed_tokens"), .norms, .role("up_proj")], layers: [])])
  }

  @Test("tokens and roles that one of the two lacks are named")
  func more() throws {
    var candidate = noised(base, 0.01) { $0.contains("q_proj") }
    candidate["model.embed_tokens.weight"]?.shape[0] += 1
    candidate["model.embed_tokens.weight"]?.values += [Float](repeating: 0.01, count: 40)
    candidate["model.layers.0.self_attn.q_proj.bias"] = ([40], [Float](repeating: 0.01, count: 40))
    let found = try facts(candidate)
    #expect(found.suffix(2) == [.tokens(before: 50, after: 51), .added(roles: ["q_proj.bias"])])
  }
}
