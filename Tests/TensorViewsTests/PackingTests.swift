import Checkpoints
import ElementTypes
import Quantisation
import TestKit
import Testing

@testable import TensorViews

/// compressed-tensors' packing and the grids of scales, as the shapes tell them.
@Suite struct PackingTests {
  @Test(
    "bits and packing come from the width of the packed rows, and a hint only decides between what fits",
    arguments: [
      (8, 64, nil, 4, false), (16, 64, nil, 8, false), (4, 64, nil, 2, false), (6, 64, nil, 3, false), (7, 64, nil, 3, true),
      (10, 64, nil, 5, false), (11, 64, nil, 5, true), (8, 64, 8, 4, false), (16, 64, 7, 7, true), (13, 64, nil, 6, true),
    ] as [(Int, Int, Int?, Int, Bool)])
  func widths(words: Int, inputs: Int, hint: Int?, bits: Int, isPadded: Bool) throws {
    let found = try #require(CompressedTensors.coding(words: words, inputs: inputs, hint: hint))
    #expect(found.bits == bits)
    if case .padded = found.value { #expect(isPadded) } else { #expect(!isPadded) }
  }

  @Test("a width that no number of bits gives is none")
  func noWidth() { #expect(CompressedTensors.coding(words: 9, inputs: 64, hint: 4) == nil) }

  @Test(
    "how many rows and columns share a scale is the ratio of the shapes",
    arguments: [
      ([], [6, 8], nil, 6, 8), ([1, 1], [6, 8], nil, 6, 8), ([6], [6, 8], nil, 1, 8), ([6, 1], [6, 8], nil, 1, 8),
      ([1, 8], [6, 8], nil, 6, 1), ([6, 2], [6, 8], nil, 1, 4), ([2, 3], [200, 300], nil, 128, 128),
      // 120 is a hint that fits as well as 128 does: the power of two is taken.
      ([2, 3], [200, 300], 120, 128, 128), ([5, 5], [500, 500], 101, 101, 101), ([5, 5], [500, 500], 90, 100, 100),
      ([2, 3, 1], [2, 300, 40], nil, 128, 40), ([2, 1, 1], [2, 300, 40], nil, 300, 40), ([2], [2, 300, 40], nil, 300, 40),
      // Groups are whole: 120 and not 128.
      ([6, 8], [6, 960], nil, 1, 120),
    ] as [([Int], [Int], Int?, Int, Int)])
  func grids(scales: [Int], shape: [Int], hint: Int?, rows: Int, columns: Int) throws {
    let grid = try #require(ScaledWeights.grid(scales, over: shape, hint: hint.map { ($0, $0) }))
    #expect(grid.rows == rows && grid.columns == columns)
  }

  @Test(
    "scales that no block explains are none",
    arguments: [([7, 1], [6, 8]), ([3, 6, 1], [2, 6, 8]), ([6, 3], [4, 8]), ([8], [6, 8])])
  func noGrid(scales: [Int], shape: [Int]) { #expect(ScaledWeights.grid(scales, over: shape, hint: nil) == nil) }

  @Test("groups in no order are read by their numbers, and a group that does not exist sets the codes aside")
  func groupsOfInputs() throws {
    for (groups, count) in [
      ([0, 1, 1, 0, 1, 0, 0, 1], 1), ([0, 0, 0, 0, 1, 1, 1, 1], 1), (Array(repeating: -1, count: 8), 1),
      ([0, 1, 2, 0, 1, 0, 0, 1], 0),
    ] {
      var builder = SafetensorsBuilder()
      let bytes = { (values: [Int], size: Int) in
        values.flatMap { value in (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
      }
      builder.add("m.weight_packed", .i32, shape: [1, 1], bytes: bytes([0x9999_9999], 4))
      builder.add("m.weight_scale", .f32, shape: [1, 2], floats: [1, 10])
      builder.add("m.weight_shape", .i64, shape: [2], bytes: bytes([1, 8], 8))
      builder.add("m.weight_g_idx", .i32, shape: [8], bytes: bytes(groups, 4))
      let folder = TemporaryFolder()
      let found = Parameters(of: try .open(try builder.write(to: folder)))
      #expect(found.all.count == count)
      guard let parameter = found.all.first, case .decoded(let source) = parameter.content else { continue }
      let wanted = groups.enumerated().map { i, group in Float(group < 0 ? [1, 10][i / 4] : [1, 10][group]) }
      #expect(QuantisedVectorTests.numbers(source, 0..<1, 0..<8) == wanted)
    }
  }
}
