import Checkpoints
import ElementTypes
import Foundation
import ModelAnatomy
import TensorFiles
import TestKit
import Testing

@testable import RoleInference

@Suite("roles of tensors whose names nobody knows")
struct RoleInferenceTests {
  static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/testdata/"

  /// Tensor → role and layer.
  private func places(_ anatomy: Anatomy) -> [String: (role: String, layer: Int?)] {
    Dictionary(anatomy.weights.map { ($0.tensor.name.string, ($0.role.name, $0.layer)) }, uniquingKeysWith: { first, _ in first })
  }

  @Test(
    "a model in any order is read as it was before it was renamed",
    arguments: ["aurora", "borealis"], [Disguise.Style.words, .backwards, .flat, .random])
  func renamed(model: String, style: Disguise.Style) throws {
    let original = places(ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + model)))
    let disguise = try Disguise(of: Self.testdata + model, style, seed: 7)
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(disguise.path))
    #expect(anatomy.layers == 4 && anatomy.architecture == nil && anatomy.inference != nil)
    #expect(anatomy.dimensions.attentionHeads == 4 && anatomy.dimensions.keyValueHeads == 2)
    #expect(anatomy.dimensions.vocabulary == 512 && anatomy.hasTiedEmbeddings == false)
    for (name, place) in places(anatomy) {
      let truth = try #require(original[disguise.names[name, default: ""]])
      #expect(place.role == truth.role, "\(name)")
      let layer = truth.layer.map { style == .backwards ? 3 - $0 : $0 }
      #expect(place.layer == layer, "\(name)")
    }
  }

  @Test("of a shuffled list every MLP is put together, its matrices in their roles")
  func shuffled() throws {
    let original = places(ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + "aurora")))
    let disguise = try Disguise(of: Self.testdata + "aurora", .shuffled, seed: 3)
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(disguise.path))
    var layers: [Int: Set<Int>] = [:]
    for (name, place) in places(anatomy) {
      let truth = try #require(original[disguise.names[name, default: ""]])
      guard let layer = place.layer, ["gate_proj", "up_proj", "down_proj"].contains(truth.role) else { continue }
      #expect(place.role == truth.role, "\(name)")
      layers[layer, default: []].insert(truth.layer ?? -1)
    }
    #expect(layers.count == 4 && layers.values.nonEmptyAllSatisfy { $0.count == 1 })
  }

  @Test("nova, renamed and masked by others, has four layers of four heads")
  func nova() throws {
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + "nova"))
    #expect(anatomy.dimensions.attentionHeads == 4 && anatomy.dimensions.keyValueHeads == 2 && anatomy.layers == 4)
    let truth = [
      "ffn.w1": "gate_proj", "ffn.w3": "up_proj", "ffn.w2": "down_proj", "mixer.wq": "q_proj", "mixer.wk": "k_proj",
      "mixer.wv": "v_proj", "mixer.wo": "o_proj",
    ]
    for (name, place) in places(anatomy) where name.hasPrefix("core.blocks.") {
      let parts = name.split(separator: ".")
      #expect(place.layer == Int(parts[2]))
      if let role = truth[parts[3...].dropLast().joined(separator: ".")] { #expect(place.role == role, "\(name)") }
    }
  }

  @Test("a name that the table knows is believed: no weight is read, and there is no other reading")
  func named() throws {
    for model in ["aurora", "aurora-chat", "borealis"] {
      let anatomy = ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + model))
      #expect(anatomy.inference == nil && anatomy.alternatives.isEmpty && anatomy.architecture == "llama")
    }
  }

  /// aurora's tensors, each layer's changed by `body`.
  private func aurora(_ body: (_ layer: [String: (shape: [Int], values: [Float])]) -> [String: (shape: [Int], values: [Float])])
    throws -> SafetensorsBuilder
  {
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + "aurora"))
    var builder = SafetensorsBuilder()
    for layer in [nil] + (0..<4).map(Optional.some) {
      var tensors: [String: (shape: [Int], values: [Float])] = [:]
      for weight in anatomy.weights where weight.layer == layer {
        var values = [Float](repeating: 0, count: weight.parameters)
        var span = values.mutableSpan
        weight.read(rows: 0..<weight.rows, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
        tensors[weight.role.name] = (weight.shape, values)
      }
      for (name, tensor) in (layer == nil ? tensors : body(tensors)).sorted(by: { $0.key < $1.key }) {
        let place = layer.map { "blk.\($0)." } ?? ""
        builder.add(place + name, .f32, shape: tensor.shape, floats: tensor.values)
      }
    }
    return builder
  }

  @Test("fused queries, keys and values, and gate and up, are cut where they join")
  func fused() throws {
    let builder = try aurora { layer in
      var layer = layer
      func join(_ names: [String]) -> (shape: [Int], values: [Float]) {
        let parts = names.compactMap { layer.removeValue(forKey: $0) }
        return ([parts.reduce(0) { $0 + $1.shape[0] }, parts[0].shape[1]], parts.flatMap(\.values))
      }
      layer["a"] = join(["q_proj", "k_proj", "v_proj"])
      layer["b"] = join(["gate_proj", "up_proj"])
      return layer
    }
    let disguise = try Disguise(builder, .random, seed: 11)
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(disguise.path))
    let roles = Dictionary(grouping: anatomy.weights.filter { $0.layer == 2 && $0.isMatrix }, by: \.role.name)
      .mapValues { $0.map(\.shape) }
    #expect(
      roles == [
        "q_proj": [[64, 64]], "k_proj": [[32, 64]], "v_proj": [[32, 64]], "o_proj": [[64, 64]], "gate_proj": [[176, 64]],
        "up_proj": [[176, 64]], "down_proj": [[64, 176]],
      ])
    #expect(anatomy.storage.contains(.fused))
  }

  @Test("matrices that are stored with their inputs first are turned")
  func transposed() throws {
    let builder = try aurora { layer in
      layer.mapValues { tensor in
        guard tensor.shape.count == 2 else { return tensor }
        let (rows, columns) = (tensor.shape[0], tensor.shape[1])
        return ([columns, rows], (0..<rows * columns).map { tensor.values[$0 % rows * columns + $0 / rows] })
      }
    }
    let disguise = try Disguise(builder, .random, seed: 12)
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(disguise.path))
    let original = ModelReading.anatomy(of: try Checkpoint.open(Self.testdata + "aurora"))
    #expect(anatomy.storage.contains(.transposed))
    for role in [Role.qProj, .kProj, .vProj, .oProj, .gateProj, .upProj, .downProj] {
      let (own, theirs) = (anatomy.weights.first { $0.role == role }, original.weights.first { $0.role == role })
      #expect(own?.shape == theirs?.shape && own.map(row) == theirs.map(row), "\(role)")
    }
  }

  private func row(_ weight: Weight) -> [Float] {
    var values = [Float](repeating: 0, count: weight.columns)
    var span = values.mutableSpan
    weight.read(rows: 3..<4, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
    return values
  }

  @Test("a list of ten thousand tensors, alike or not, takes seconds at most", .timeLimit(.minutes(1)))
  func hostile() throws {
    var random = SeededGenerator(5)
    for shapes in [[[9, 9]], [[9, 9], [9, 17], [17, 9], [9]], (2..<40).map { [$0, 41 - $0] }] {
      var builder = SafetensorsBuilder()
      for i in 0..<10_000 {
        let shape = shapes[i % shapes.count]
        builder.add("t\(random.next())", .i8, shape: shape, bytes: [UInt8](repeating: 0, count: shape.reduce(1, *)))
        builder.tensors[i].type = .f8E4M3
      }
      let folder = TemporaryFolder()
      let anatomy = ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder)))
      #expect(anatomy.weights.count >= 10_000)
    }
  }

  @Test("layers of sixteen square matrices tell nothing, and soon")
  func squares() throws {
    var random = SeededGenerator(6)
    var builder = SafetensorsBuilder()
    for i in 0..<16 * 12 {
      builder.add("l.\(i / 16).\(i % 16)", .f32, shape: [16, 16], floats: (0..<256).map { _ in Float(random.normal()) })
    }
    let folder = TemporaryFolder()
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder)))
    #expect(anatomy.inference == nil && anatomy.layers == 12)
  }
}
