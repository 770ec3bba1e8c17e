import Checkpoints
import ElementTypes
import Foundation
import TestKit
import Testing

@testable import TensorViews

/// Which version of GPTQ's format a checkpoint is in: whether zero points are stored as one less.
@Suite struct ZeroPointTests {
  /// A module of normal weights, quantised to nearest in 4 bits and groups of 32; zero points stored less `offset`.
  private func module(
    offset: Int, isSymmetric: Bool, config: String?, in folder: TemporaryFolder, _ random: inout SeededGenerator
  ) throws -> Checkpoint {
    let (inputs, outputs, group) = (128, 32, 32)
    var words = [UInt32](repeating: 0, count: inputs / 8 * outputs)
    var zeros = [UInt32](repeating: 0, count: inputs / group * outputs / 8)
    for output in 0..<outputs {
      for g in 0..<inputs / group {
        let weights = (0..<group).map { _ in random.normal() }
        let (low, high) = (weights.reduce(0) { min($0, $1) }, weights.reduce(0) { max($0, $1) })
        let scale = isSymmetric ? max(-low, high) / 7 : (high - low) / 15
        let zero = isSymmetric ? 8 : min(max(Int((-low / scale).rounded()), 1), 15)
        zeros[g * outputs / 8 + output / 8] |= UInt32(zero - offset) << UInt32(output % 8 * 4)
        for (i, weight) in weights.enumerated() {
          let code = min(max(Int((weight / scale).rounded()) + zero, 0), 15)
          words[(g * group + i) / 8 * outputs + output] |= UInt32(code) << UInt32(i % 8 * 4)
        }
      }
    }
    let bytes = { (words: [UInt32]) in
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
    }
    var builder = SafetensorsBuilder()
    builder.add("m.qweight", .i32, shape: [inputs / 8, outputs], bytes: bytes(words))
    builder.add("m.qzeros", .i32, shape: [inputs / group, outputs / 8], bytes: bytes(zeros))
    builder.add("m.scales", .f16, shape: [inputs / group, outputs], floats: Array(repeating: 1, count: inputs / group * outputs))
    if let config { try folder.write(#"{"quantization_config": {"checkpoint_format": "\#(config)"}}"#, to: "config.json") }
    return try Checkpoint.open(try builder.write(to: folder))
  }

  @Test(
    "codes tell the version, symmetric ones by their zero points and others by their means, whatever the config says",
    arguments: [(0, true), (1, true), (0, false), (1, false)], [nil, "gptq", "gptq_v2"])
  func told(kind: (offset: Int, isSymmetric: Bool), config: String?) throws {
    let folder = TemporaryFolder()
    var random = SeededGenerator(UInt64(kind.offset) + 5)
    let checkpoint = try module(offset: kind.offset, isSymmetric: kind.isSymmetric, config: config, in: folder, &random)
    #expect(GPTQ.zeroOffset(among: QuantisedTensors(checkpoint)) == kind.offset, "\(random)")
  }

  @Test("random codes tell nothing: the config is asked, and without it the first version is taken")
  func untold() throws {
    for (config, offset) in [(nil, 1), ("gptq", 1), ("gptq_v2", 0)] as [(String?, Int)] {
      let folder = TemporaryFolder()
      try FileManager.default.copyItem(
        atPath: QuantisedVectorTests.folder + "/gptq_4bit_actorder/model.safetensors", toPath: folder.path + "/model.safetensors")
      if let config { try folder.write(#"{"quantization_config": {"checkpoint_format": "\#(config)"}}"#, to: "config.json") }
      #expect(GPTQ.zeroOffset(among: QuantisedTensors(try Checkpoint.open(folder.path))) == offset)
    }
  }

  @Test("a mean between two versions, or one that scatters, decides nothing")
  func undecided() {
    #expect(GPTQ.offset(Array(repeating: 0.5, count: 100), bits: 4) == nil)
    #expect(GPTQ.offset((0..<100).map { $0 % 2 == 0 ? 9 : -9 }, bits: 4) == nil)
    #expect(GPTQ.offset([1, 1, 1], bits: 4) == nil)
    #expect(GPTQ.offset((0..<100).map { $0 % 2 == 0 ? 1.2 : 0.9 }, bits: 4) == 1)
  }
}
