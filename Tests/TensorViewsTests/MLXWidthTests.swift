import ElementTypes
import TestKit
import Testing

@testable import TensorViews

/// Which bits and groups the shapes of MLX's modules mean.
@Suite struct MLXWidthTests {
  /// A module of `outputs` × `inputs`.
  private static func module(
    _ name: String, _ outputs: Int, _ inputs: Int, bits: Int, group: Int
  ) -> [ParametersTests.Stored] {
    [
      (name + ".weight", .u32, [outputs, inputs * bits / 32]), (name + ".scales", .bf16, [outputs, inputs / group]),
      (name + ".biases", .bf16, [outputs, inputs / group]),
    ]
  }

  /// A layer with 512 channels, 1024 channels of heads and 768 neurons: a number of inputs that is wrong by 2 is often another
  /// length of the model.
  private static func layer(bits: Int, group: Int, down: (bits: Int, group: Int)) -> [ParametersTests.Stored] {
    [("norm.weight", .bf16, [512])] + module("embed", 3000, 512, bits: bits, group: group)
      + module("q", 1024, 512, bits: bits, group: group) + module("k", 256, 512, bits: bits, group: group)
      + module("o", 512, 1024, bits: bits, group: group) + module("gate", 768, 512, bits: bits, group: group)
      + module("down", 512, 768, bits: down.bits, group: down.group)
  }

  static let widths = [2, 3, 4, 5, 6, 8].flatMap { bits in [32, 64, 128].map { (bits, $0) } }

  private static func check(
    _ bits: Int, _ group: Int, down: (bits: Int, group: Int), config: String?
  ) throws {
    let found = try ParametersTests.parameters(layer(bits: bits, group: group, down: down), config: config)
    #expect(found.skippedTensors.isEmpty && found.all.count == 7)
    let shapes = Dictionary(uniqueKeysWithValues: found.all.map { ($0.name, $0.shape) })
    #expect(shapes["q.weight"] == [1024, 512] && shapes["o.weight"] == [512, 1024] && shapes["down.weight"] == [512, 768])
    let words = Set(found.all.compactMap(\.quantisation))
    #expect(words == ["MLX \(bits)-bit, group \(group)", "MLX \(down.bits)-bit, group \(down.group)"])
  }

  @Test("the other shapes tell what those of one module leave open, whatever the configuration says", arguments: widths)
  func shapes(bits: Int, group: Int) throws {
    for config in [
      nil, #"{"quantization": {"bits": 8, "group_size": 32}}"#, #"{"quantization": {"bits": 2, "group_size": 128}}"#,
    ] {
      try Self.check(bits, group, down: (bits, group), config: config)
    }
    // Without the neurons, half of a number of inputs is always a length of this model; then the gains tell.
    if bits * group != 6 * 64 { try Self.check(bits, group, down: (6, 64), config: nil) }
  }

  @Test("the configuration decides where shapes leave it open, for single modules too")
  func hints() throws {
    for (config, words) in [
      (#"{"quantization": {"bits": 8, "group_size": 32}}"#, "MLX 8-bit, group 32"),
      (#"{"quantization": {"bits": 8, "group_size": 32, "m": {"bits": 2, "group_size": 128}}}"#, "MLX 2-bit, group 128"),
      (#"{"quantization": {"bits": 5, "group_size": 32}}"#, "MLX 4-bit, group 64"),
      (#"{"quantization": [{"bits": "4"}]}"#, "MLX 4-bit, group 64"),
    ] {
      let found = try ParametersTests.parameters(Self.module("m", 6, 256, bits: 4, group: 64), config: config)
      #expect(found.all.map(\.quantisation) == [words])
    }
  }
}
