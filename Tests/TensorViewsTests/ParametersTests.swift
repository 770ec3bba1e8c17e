import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Testing

@testable import TensorViews

@Suite struct ParametersTests {
  typealias Stored = (name: String, type: ElementType, shape: [Int])

  /// The parameters of a checkpoint of zeros.
  static func parameters(_ tensors: [Stored], config: String? = nil, shards: Int? = nil) throws -> Parameters {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    for (name, type, shape) in tensors {
      let elements = shape.contains(0) ? 0 : shape.reduce(1, *)
      builder.add(name, type, shape: shape, bytes: Array(repeating: 0, count: (elements * type.bits + 7) / 8))
    }
    if let config { try folder.write(config, to: "config.json") }
    let path = try shards.map { try builder.writeShards($0, to: folder) } ?? builder.write(to: folder)
    return Parameters(of: try Checkpoint.open(path))
  }

  static let gptq: [Stored] = [
    ("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [4, 8]), ("m.scales", .f16, [4, 64]), ("m.g_idx", .i32, [128]),
  ]

  @Test(
    "stored tensors of one matrix are one parameter, named and shaped as in the model",
    arguments: [
      // Zeros as group numbers: every input is in group 0, which is one order that is not i / g.
      (gptq, "m.weight", [64, 128], "4-bit GPTQ, group 32, act-order"),
      (Array(gptq.dropLast()), "m.weight", [64, 128], "4-bit GPTQ, group 32"),
      (
        [("m.qweight", .i32, [12, 32]), ("m.scales", .f16, [1, 32]), ("m.g_idx", .i32, [128])], "m.weight", [32, 128],
        "3-bit GPTQ, per channel"
      ),
      (
        [("m.qweight", .i32, [25, 8]), ("m.qzeros", .i32, [7, 1]), ("m.scales", .bf16, [7, 8])], "m.weight", [8, 200],
        "4-bit GPTQ, group 32"
      ),
      (
        [("m.qweight", .i32, [128, 8]), ("m.qzeros", .i32, [4, 8]), ("m.scales", .f16, [4, 64])], "m.weight", [64, 128],
        "4-bit AWQ, group 32"
      ),
      ([("m.weight", .i8, [6, 40]), ("m.weight_scale", .bf16, [6])], "m.weight", [6, 40], "int8 per channel"),
      ([("m.weight", .i8, [6, 40]), ("m.weight_scale", .bf16, [6, 5])], "m.weight", [6, 40], "int8, group 8"),
      (
        [("m.weight", .i8, [6, 40]), ("m.weight_scale", .bf16, [6, 1]), ("m.weight_zero_point", .i8, [6, 1])], "m.weight",
        [6, 40],
        "int8 per channel"
      ),
      ([("m.weight", .i8, [6, 64]), ("m.weight_scale_inv", .f8E8M0, [6, 4])], "m.weight", [6, 128], "FP4, group 32"),
      ([("m.weight", .f8E4M3, [300, 40]), ("m.weight_scale", .f32, [])], "m.weight", [300, 40], "FP8 E4M3 per tensor"),
      ([("m.weight", .f8E5M2, [300, 40]), ("m.scale", .f32, [3, 1])], "m.weight", [300, 40], "FP8 E5M2, 128×128 blocks"),
      (
        [("m.weight", .f8E4M3, [300, 40]), ("m.weight_scale_inv", .u8, [5, 1])], "m.weight", [300, 40], "FP8 E4M3, 64×64 blocks"
      ),
      ([("m.weight", .f8E4M3, [6, 64]), ("m.weight_scale", .u8, [6, 2])], "m.weight", [6, 64], "MXFP8"),
      ([("m.weight", .f8E4M3, [6, 64]), ("m.scale", .f8E8M0, [1, 2])], "m.weight", [6, 64], "FP8 E4M3, 32×32 blocks"),
      (
        [("m.experts.gate_up_proj", .f8E4M3, [2, 300, 256]), ("m.experts.gate_up_proj_scale_inv", .f32, [2, 3, 2])],
        "m.experts.gate_up_proj", [2, 300, 256], "FP8 E4M3, 128×128 blocks"
      ),
      ([("m.x_blocks", .u8, [2, 6, 3, 16]), ("m.x_scales", .u8, [2, 6, 3])], "m.x", [2, 6, 96], "MXFP4"),
      ([("m.weight", .u8, [6, 32]), ("m.weight_scale", .u8, [6, 2])], "m.weight", [6, 64], "MXFP4"),
      (
        [("m.weight", .u8, [6, 32]), ("m.weight_scale", .f8E4M3, [6, 4]), ("m.weight_scale_2", .f32, [])], "m.weight", [6, 64],
        "NVFP4"
      ),
      ([("m.weight_packed", .u8, [6, 32]), ("m.weight_scale", .u8, [6, 2])], "m.weight", [6, 64], "MXFP4"),
      (
        [("m.weight", .u32, [6, 20]), ("m.scales", .f16, [6, 2]), ("m.biases", .f16, [6, 2])], "m.weight", [6, 128],
        "MLX 5-bit, group 64"
      ),
      // Without anything else to tell, 512 bits a group are 8 bits for each of 64 inputs, and 256 are 4.
      (
        [("m.weight", .u32, [2, 6, 32]), ("m.scales", .bf16, [2, 6, 2]), ("m.biases", .bf16, [2, 6, 2])], "m.weight",
        [2, 6, 128], "MLX 8-bit, group 64"
      ),
      (
        [("m.weight", .u32, [6, 16]), ("m.scales", .f32, [6, 2]), ("m.biases", .f32, [6, 2])], "m.weight", [6, 128],
        "MLX 4-bit, group 64"
      ),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .u8, [6, 4])], "m.weight", [6, 128], "MLX MXFP4"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .u8, [6, 8])], "m.weight", [6, 128], "MLX NVFP4"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .u8, [6, 2])], "m.weight", [6, 64], "MLX MXFP8"),
    ] as [([Stored], String, [Int], String)])
  func grouped(tensors: [Stored], name: String, shape: [Int], words: String) throws {
    for shards in [nil, tensors.count] {
      let found = try Self.parameters(tensors + [("m.bias", .f16, [3])], shards: shards)
      #expect(found.skippedTensors.isEmpty, "\(found.skippedTensors.map(\.detail))")
      #expect(found.all.count == 2)
      let parameter = try #require(found.all.first { $0.quantisation != nil })
      #expect(parameter.name == name && parameter.shape == shape && parameter.quantisation == words)
      // Zeros times zeros.
      guard case .decoded(let source) = parameter.content else { continue }
      #expect(QuantisedVectorTests.numbers(source, 0..<source.rows, 0..<source.columns).nonEmptyAllSatisfy { $0 == 0 })
    }
  }

  @Test(
    "parts that do not fit together are set aside with a word, and nothing traps",
    arguments: [
      ([("m.qweight", .i32, [16, 64]), ("m.scales", .f16, [4, 64]), ("m.g_idx", .i32, [100])], "bit widths"),
      ([("m.qweight", .i32, [16, 64]), ("m.scales", .f16, [4, 64])], "bit widths"),
      ([("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [3, 8]), ("m.scales", .f16, [4, 64])], "zero points"),
      ([("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [4, 7]), ("m.scales", .f16, [4, 64])], "bit widths"),
      ([("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [4, 8]), ("m.scales", .i8, [4, 64])], "do not fit"),
      ([("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [100, 8]), ("m.scales", .f16, [100, 64])], "100 groups"),
      ([("m.qweight", .i32, [16, 64]), ("m.qzeros", .i32, [4, 8])], "without their scales"),
      ([("m.qweight", .i32, [16, 64]), ("m.scales", .f16, [0, 64])], "without their scales"),
      ([("m.qweight", .i32, [8, 128]), ("m.scales", .f16, [1, 64])], "marlin"),
      ([("m.B", .i32, [8, 128]), ("m.s", .f16, [1, 64])], "marlin"),
      ([("m.qweight", .i32, [64, 16]), ("m.qzeros", .i32, [64, 1]), ("m.scales", .f16, [64, 8])], "gemv"),
      ([("m.qweight", .i32, [100, 8]), ("m.qzeros", .i32, [3, 8]), ("m.scales", .f16, [3, 64])], "3 groups"),
      ([("m.weight", .f8E4M3, [300, 40]), ("m.weight_scale", .f32, [7, 41])], "do not fit"),
      ([("m.weight", .f8E4M3, [300, 40]), ("m.weight_scale", .i32, [])], "do not fit"),
      ([("m.weight", .f8E4M3, [300]), ("m.weight_scale", .f32, [])], "do not fit"),
      ([("m.weight", .i8, [6, 40]), ("m.weight_scale", .f32, [6, 1]), ("m.weight_zero_point", .i8, [5, 1])], "do not fit"),
      ([("m.weight", .i8, [6, 40]), ("m.SCB", .f32, [7])], "do not fit"),
      ([("m.weight", .u8, [960, 1]), ("m.weight.absmax", .f32, [30])], "bitsandbytes"),
      ([("m.x_blocks", .u8, [2, 6, 3, 15]), ("m.x_scales", .u8, [2, 6, 3])], "do not fit"),
      ([("m.x_blocks", .u8, [2, 6, 3, 16]), ("m.x_scales", .u8, [2, 6, 4])], "do not fit"),
      ([("m.weight_packed", .u8, [6, 24]), ("m.weight_scale", .u8, [6, 1])], "MXFP6"),
      ([("m.weight_packed", .i32, [6, 24]), ("m.weight_scale", .f16, [6, 1]), ("m.weight_shape", .i64, [2])], "shape"),
      ([("m.weight_packed", .i32, [6, 24]), ("m.weight_scale", .f16, [6, 1]), ("m.meta", .i16, [2])], "marlin-24"),
      ([("m.codes", .i16, [4, 4, 1]), ("m.codebooks", .f16, [1, 8, 1, 8]), ("m.scales", .f16, [4, 1, 1, 1])], "AQLM"),
      ([("m.W_q", .u8, [8, 8]), ("m.scale", .f16, [8, 1]), ("m.zero", .f16, [8, 1])], "HQQ without the shape"),
      (
        [("m.W_q", .u8, [8, 8]), ("m.scale_q", .u8, [8, 1]), ("m.zero", .f16, [8, 1]), ("m.shape", .i64, [2])],
        "HQQ without its scales"
      ),
      // Codes that are stored as if they were other numbers are no weights either.
      ([("m.W_q", .f16, [8, 8]), ("m.scale", .f16, [8, 1]), ("m.zero", .f16, [8, 1])], "HQQ without the shape"),
      (
        [("m.q_weight", .i32, [8, 8]), ("m.q_scale", .i32, [1, 1]), ("m.q_scale_max", .f16, [1]), ("m.q_groups", .i16, [2])],
        "EXL2"
      ),
      ([("m.weight", .u8, [2, 8]), ("m.weight_scale", .bf16, [1])], "BitNet"),
      ([("m.weight", .i8, [2, 8]), ("m.weight_scales", .f16, [8])], "EETQ"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .f16, [6, 3]), ("m.biases", .f16, [6, 3])], "3 groups in rows of 16 words"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .f16, [6, 1]), ("m.biases", .f16, [6, 2])], "do not fit"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .f16, [5, 2]), ("m.biases", .f16, [5, 2])], "do not fit"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .f16, [6, 2]), ("m.biases", .i16, [6, 2])], "do not fit"),
      ([("m.weight", .u32, [96]), ("m.scales", .f16, [12]), ("m.biases", .f16, [12])], "do not fit"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .f16, [6, 2])], "without biases"),
      ([("m.weight", .u32, [6, 16]), ("m.scales", .u8, [6, 16])], "without biases"),
      ([("m.weight", .u32, [6, 15]), ("m.scales", .u8, [6, 4])], "without biases"),
    ] as [([Stored], String)])
  func refused(tensors: [Stored], word: String) throws {
    let found = try Self.parameters(tensors)
    #expect(found.all.isEmpty, "\(found.all.map(\.name))")
    let details = Set(found.skippedTensors.compactMap(\.detail))
    #expect(details.count == 1 && details.first?.contains(word) == true, "\(details)")
  }

  @Test("codes beside the weight that they should be are set aside")
  func twice() throws {
    let found = try Self.parameters(Self.gptq + [("m.weight", .f16, [64, 128])])
    #expect(found.all.map(\.name) == ["m.weight"] && found.all[0].quantisation == nil && found.skippedTensors.count == 4)
  }

  @Test("scales of activations are neither weights nor codes")
  func activations() throws {
    let found = try Self.parameters([
      ("m.weight", .f8E4M3, [4, 4]), ("m.weight_scale", .f32, []), ("m.input_scale", .f32, []), ("a.k_scale", .f32, [1]),
    ])
    #expect(found.all.count == 1 && found.skippedTensors.map(\.reason) == [.activation, .activation])
  }

  @Test("floating point of eight bits without scales is what it says")
  func plain() throws {
    let found = try Self.parameters([("m.weight", .f8E4M3, [4, 4])])
    #expect(found.all.count == 1 && found.all[0].quantisation == nil)
  }

  @Test("one matrix of a quantised stack is a weight of its own, its blocks beginning anew")
  func stack() throws {
    var builder = SafetensorsBuilder()
    // E4M3: 0x38 is 1.
    builder.add("w", .f8E4M3, shape: [2, 130, 4], bytes: Array(repeating: 0x38, count: 2 * 130 * 4))
    builder.add("w_scale_inv", .f32, shape: [2, 2, 1], floats: [1, 2, 3, 4])
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    let parameter = try #require(Parameters(of: checkpoint).all.first)
    let weight = parameter.weight(.init(stack: 1), of: checkpoint, role: .upProj, layer: 0)
    #expect(weight.rows == 130 && weight.columns == 4 && weight.isExactInFloat && weight.stored == nil)
    var values = [Float](repeating: 0, count: 4)
    var span = values.mutableSpan
    weight.read(rows: 126..<130, columns: 2..<3, into: &span, at: 0, stride: 1)
    #expect(values == [3, 3, 4, 4])
  }

  @Test("random checkpoints of quantised names never trap, and each tensor is in exactly one list", arguments: 0..<200)
  func fuzz(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let endings = [
      "qweight", "qzeros", "scales", "g_idx", "weight", "weight_scale", "weight_scale_inv", "weight_scale_2", "weight_packed",
      "weight_shape", "weight_zero_point", "weight_g_idx", "weight_global_scale", "weight.absmax", "weight.quant_map",
      "weight.nested_absmax", "weight.nested_quant_map", "weight.quant_state.bitsandbytes__nf4", "SCB", "weight_format",
      "x_blocks",
      "x_scales", "codes", "codebooks", "scale", "meta", "input_scale", "biases",
    ]
    let types: [ElementType] = [.i32, .u8, .i8, .f16, .f32, .f8E4M3, .f8E8M0, .i64, .bf16, .f4]
    let lengths = [0, 1, 2, 3, 4, 8, 16, 32, 64, 96]
    var builder = SafetensorsBuilder()
    for ending in endings where Int.random(in: 0..<3, using: &random) > 0 {
      let type = types[Int.random(in: 0..<types.count, using: &random)]
      let shape = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        lengths[Int.random(in: 0..<lengths.count, using: &random)]
      }
      let count = shape.reduce(1, *)
      guard count < 1 << 16, count * type.bits % 8 == 0 else { continue }
      var bytes = random.bytes(count * type.bits / 8)
      if ending.contains("quant_state") {
        bytes = Array(
          #"{"blocksize": \#(lengths[seed % 10]), "shape": [\#(seed % 7), 9223372036854775807], "nested_offset": 1}"#.utf8)
        builder.add("m." + ending, .u8, shape: [bytes.count], bytes: bytes)
      } else {
        builder.add("m." + ending, type, shape: shape, bytes: bytes)
      }
    }
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    let anatomy = ModelReading.anatomy(of: checkpoint)
    let names = anatomy.weights.map(\.tensor.name) + anatomy.skippedTensors.map(\.tensor.name)
    #expect(Set(names).count == names.count && names.count <= checkpoint.tensors.count, "\(random)")
    for weight in anatomy.weights where weight.parameters > 0 {
      var values = [Float](repeating: 0, count: weight.parameters * weight.components)
      var span = values.mutableSpan
      let width = weight.columns * weight.components
      weight.read(rows: 0..<weight.rows, columns: 0..<width, into: &span, at: 0, stride: width)
    }
  }
}
