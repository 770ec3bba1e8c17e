import Checkpoints
import ElementTypes
import Foundation
import TensorFiles
import TestKit
import Testing

@testable import TensorViews

/// testdata/quantised: what the formats' own tools stored, and what they or the formula make of it.
@Suite struct QuantisedVectorTests {
  struct Entry: Decodable, CustomTestStringConvertible, Sendable {
    var name: String
    var expected: [String: [Int]]
    var tol: Double
    var testDescription: String { name }
  }

  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/testdata/quantised"

  static let entries: [Entry] = {
    guard let data = FileManager.default.contents(atPath: folder + "/report.json") else { return [] }
    return (try? JSONDecoder().decode([Entry].self, from: data)) ?? []
  }()

  static let words = [
    "gptq_4bit_sym": "4-bit GPTQ, group 32", "gptq_4bit_asym": "4-bit GPTQ, group 32", "gptq_8bit_asym": "8-bit GPTQ, group 32",
    "gptq_2bit_asym": "2-bit GPTQ, group 32", "gptq_3bit_asym": "3-bit GPTQ, group 32",
    "gptq_4bit_actorder": "4-bit GPTQ, group 32, act-order", "awq_4bit": "4-bit AWQ, group 32", "bnb_nf4": "bitsandbytes nf4",
    "bnb_nf4_nested": "bitsandbytes nf4 (nested)", "bnb_fp4": "bitsandbytes fp4", "bnb_fp4_nested": "bitsandbytes fp4 (nested)",
    "bnb_int8": "bitsandbytes int8", "mxfp4_gpt_oss": "MXFP4", "fp8_block_128": "FP8 E4M3, 128×128 blocks",
    "fp8_block_ragged": "FP8 E4M3, 128×128 blocks", "fp8_block_ue8m0": "FP8 E4M3, 128×128 blocks",
    "fp8_per_channel_ct": "FP8 E4M3 per channel", "ct_pack_4bit_sym": "int4, group 32", "ct_pack_4bit_asym": "int4, group 32",
    "ct_pack_8bit_sym": "int8, group 32", "ct_pack_3bit_sym": "int3, group 32", "ct_nvfp4": "NVFP4", "modelopt_nvfp4": "NVFP4",
    "mlx_2bit_64": "MLX 2-bit, group 64", "mlx_3bit_64": "MLX 3-bit, group 64", "mlx_4bit_64": "MLX 4-bit, group 64",
    "mlx_4bit_32": "MLX 4-bit, group 32", "mlx_5bit_32": "MLX 5-bit, group 32", "mlx_6bit_64": "MLX 6-bit, group 64",
    "mlx_8bit_64": "MLX 8-bit, group 64", "mlx_8bit_128": "MLX 8-bit, group 128", "mlx_mxfp4": "MLX MXFP4",
    "mlx_mxfp8": "MLX MXFP8", "mlx_nvfp4": "MLX NVFP4", "fp8_tiles_32": "FP8 E4M3, 32×32 blocks", "fp4_i8": "FP4, group 32",
    "fp4_f4": "MXFP4", "hqq_4bit": "4-bit HQQ, group 64", "hqq_8bit": "8-bit HQQ, group 128", "hqq_2bit": "2-bit HQQ, group 16",
    "hqq_1bit": "1-bit HQQ, group 32", "hqq_3bit": "3-bit HQQ, group 64", "hqq_4bit_axis0": "4-bit HQQ, group 64",
    "hqq_3bit_axis0": "3-bit HQQ, group 64", "exl2": "EXL2, 4.80 bits",
  ]

  @Test("there are 45 vectors")
  func count() { #expect(Self.entries.count == 45 && Self.words.count == 45) }

  @Test(
    "a vector is decoded within its tolerance, under the name and shape of the model, with and without its config",
    arguments: entries)
  func vector(entry: Entry) throws {
    let stored = "\(Self.folder)/\(entry.name)/model.safetensors"
    let alone = TemporaryFolder()
    try FileManager.default.copyItem(atPath: stored, toPath: alone.path + "/model.safetensors")
    for path in [stored, alone.path + "/model.safetensors"] {
      let parameters = Parameters(of: try Checkpoint.open(path))
      let expectations = try Checkpoint.open("\(Self.folder)/\(entry.name)/expected.safetensors")
      #expect(parameters.skippedTensors.isEmpty, "\(parameters.skippedTensors.map(\.detail))")
      for (name, shape) in entry.expected {
        let parameter = try #require(parameters.all.first { $0.name == name })
        #expect(parameter.shape == shape && parameter.quantisation == Self.words[entry.name])
        guard case .decoded(let source) = parameter.content else {
          Issue.record("\(name) is not decoded")
          continue
        }
        let found = Self.numbers(source, 0..<source.rows, 0..<source.columns)
        let wanted = try Self.expected(expectations, name)
        // The expectation of ModelOpt's NVFP4 is divided by the number of which the file holds the rounded inverse.
        let tolerance = entry.name == "modelopt_nvfp4" ? 3e-7 : entry.tol
        let worst = zip(found, wanted).map { abs(Double($0) - $1) - tolerance * abs($1) }.max() ?? .infinity
        #expect(found.count == wanted.count && worst <= 0, "\(name): beyond tolerance by \(worst)")

        var random = SeededGenerator(7)
        for _ in 0..<8 {
          let (a, b) = (Int.random(in: 0..<source.rows, using: &random), Int.random(in: 0..<source.columns, using: &random))
          let rows = a..<Int.random(in: a + 1...source.rows, using: &random)
          let columns = b..<Int.random(in: b + 1...source.columns, using: &random)
          let part = rows.flatMap { row in columns.map { found[row * source.columns + $0] } }
          #expect(Self.numbers(source, rows, columns) == part, "rows \(rows), columns \(columns), \(random)")
        }
      }
    }
  }

  static func numbers(_ source: any MatrixSource, _ rows: Range<Int>, _ columns: Range<Int>) -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * columns.count)
    var span = values.mutableSpan
    source.read(rows: rows, columns: columns, into: &span, at: 0, stride: columns.count)
    return values
  }

  private static func expected(_ checkpoint: Checkpoint, _ name: String) throws -> [Double] {
    let tensor = try #require(checkpoint.tensor(named: name))
    var values = [Double](repeating: 0, count: tensor.elementCount)
    var span = values.mutableSpan
    let type = try #require(tensor.type)
    checkpoint.withBytes(of: tensor) { widen($0, as: type, from: 0, count: tensor.elementCount, into: &span) }
    return values
  }
}
