import Checkpoints
import ElementTypes
import TestKit
import Testing

@testable import TensorViews

/// Layers in one tensor, and tensors in parts for several processors.
@Suite struct StoredLayoutTests {
  /// The numbers 0, 1, … as tensors of the given shapes, and what the parameters of that checkpoint hold.
  private func numbers(_ tensors: [(String, [Int])]) throws -> [String: (shape: [Int], values: [Float])] {
    var builder = SafetensorsBuilder()
    for (i, (name, shape)) in tensors.enumerated() {
      builder.add(name, .f32, shape: shape, floats: (0..<shape.reduce(1, *)).map { Float(i * 1000 + $0) })
    }
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    let parameters = Parameters(of: checkpoint)
    #expect(parameters.skippedTensors.isEmpty)
    return Dictionary(
      uniqueKeysWithValues: parameters.all.map { parameter in
        let rows = parameter.rows(of: checkpoint)
        return (parameter.name, (parameter.shape, QuantisedVectorTests.numbers(rows, 0..<rows.rows, 0..<rows.columns)))
      })
  }

  @Test("a tensor of all layers is one parameter a layer, stacked or by rows", arguments: [true, false])
  func layers(isStacked: Bool) throws {
    let shapes: [(String, [Int])] = [("attn.q_proj", [5, 4]), ("mlp.down_proj", [4, 6]), ("input_layernorm", [4])]
    let found = try numbers(
      [("model.embed.weight", [7, 4])]
        + shapes.map { ("model.layers.\($0).weight", isStacked ? [3] + $1 : [3 * $1[0]] + $1.dropFirst()) })
    #expect(found.count == 10)
    for (i, (name, shape)) in shapes.enumerated() {
      let count = shape.reduce(1, *)
      for layer in 0..<3 {
        let parameter = try #require(found["model.layers.\(layer).\(name).weight"])
        #expect(parameter.shape == shape)
        #expect(parameter.values == (0..<count).map { Float((i + 1) * 1000 + layer * count + $0) })
      }
    }
  }

  @Test(
    "names with numbers, and shapes that are no layers, stay as they are",
    arguments: [
      [
        ("layers.0.q.weight", [3, 4, 4]), ("layers.q.weight", [3, 4, 4]), ("layers.k.weight", [3, 4, 4]),
        ("layers.norm", [3, 4]),
      ],
      // Convolutions and their gains.
      [("block.conv1.weight", [8, 4, 3, 3]), ("block.conv2.weight", [8, 8, 3, 3]), ("block.norm1.weight", [8])],
      [("layers.q.weight", [3, 4, 4]), ("layers.k.weight", [2, 4, 4]), ("layers.norm.weight", [3, 4])],
      // One layer, whose gain is as long as the table is wide.
      [("embed.weight", [7, 4]), ("layers.q.weight", [4, 4]), ("layers.k.weight", [4, 4]), ("layers.norm.weight", [4])],
      [("embed.weight", [7, 4]), ("layers.q.weight", [8, 4]), ("layers.k.weight", [7, 4]), ("layers.norm.weight", [8])],
    ] as [[(String, [Int])]])
  func noLayers(tensors: [(String, [Int])]) throws {
    #expect(Set(try numbers(tensors).keys) == Set(tensors.map(\.0)))
  }

  @Test("parts for several processors are joined by rows or columns, as the width tells, and what all have alike is one")
  func ranks() throws {
    let found = try numbers(
      (0..<2).flatMap { rank in
        [
          ("rank_\(rank).l.0.up_proj.weight", [3, 4]), ("rank_\(rank).l.0.down_proj.weight", [4, 3]),
          ("rank_\(rank).l.0.q_proj.bias", [2]), ("rank_\(rank).l.0.norm.weight", [4]),
        ]
      } + [("rank_0.norm.weight", [4])])
    #expect(found.count == 5)
    #expect(found["norm.weight"]?.shape == [4] && found["l.0.norm.weight"]?.values == [3000, 3001, 3002, 3003])
    #expect(found["l.0.up_proj.weight"]?.shape == [6, 4])
    #expect(found["l.0.up_proj.weight"]?.values == (0..<12).map { Float($0) } + (0..<12).map { Float(4000 + $0) })
    #expect(found["l.0.down_proj.weight"]?.shape == [4, 6])
    #expect(found["l.0.down_proj.weight"]?.values.prefix(7) == [1000, 1001, 1002, 5000, 5001, 5002, 1003])
    #expect(found["l.0.q_proj.bias"]?.values == [2000, 2001, 6000, 6001])
  }

  @Test(
    "names of parts that do not number them stay as they are",
    arguments: [
      [("rank_0.a.weight", [3, 4])], [("rank_0.a.weight", [3, 4]), ("rank_2.a.weight", [3, 4])],
      [("rank_0.a.weight", [3, 4]), ("rank_1.a.weight", [3, 4]), ("b.weight", [3, 4])],
      [("rank_0.a.weight", [3, 4]), ("rank_00.a.weight", [3, 4]), ("rank_1.a.weight", [3, 4])],
      [("rank_0.a.weight", [3, 4]), ("tp_rank_1.a.weight", [3, 4])],
    ] as [[(String, [Int])]])
  func noRanks(tensors: [(String, [Int])]) throws {
    #expect(Set(try numbers(tensors).keys) == Set(tensors.map(\.0)))
  }

  @Test("random checkpoints of such names never trap", arguments: 0..<60)
  func fuzz(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let names = [
      "rank_0.layers.q_u_proj.weight", "rank_1.layers.q_u_proj.weight", "layers.q_u_proj.weight", "layers.q_v_proj.weight",
      "layers.norm",
      "rank_0.norm", "rank_1.norm", "embed", "layers.q_u_proj.bias", "h.a.U.weight", "h.a.V.weight", "h.ln_1",
    ].filter { seed % 2 == 0 || $0.hasPrefix("rank") }
    let types: [ElementType] = [.f32, .bf16, .f64, .i32, .f8E4M3]
    var builder = SafetensorsBuilder()
    for name in names where Int.random(in: 0..<4, using: &random) > 0 {
      let type = types[Int.random(in: 0..<types.count, using: &random)]
      let shape = (0..<Int.random(in: 0...3, using: &random)).map { _ in [0, 1, 2, 4, 6][Int.random(in: 0..<5, using: &random)] }
      builder.add(name, type, shape: shape, bytes: random.bytes(shape.reduce(1, *) * type.bits / 8))
    }
    guard !builder.tensors.isEmpty else { return }
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    for parameter in Parameters(of: checkpoint).all {
      let rows = parameter.rows(of: checkpoint)
      #expect(rows.rows * rows.columns == parameter.count, "\(random)")
      _ = QuantisedVectorTests.numbers(rows, 0..<rows.rows, 0..<rows.columns)
    }
  }
}
