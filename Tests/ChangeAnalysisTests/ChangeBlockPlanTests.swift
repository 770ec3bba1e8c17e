import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import ChangeAnalysis
@testable import WeightSimilarity

/// The block of a pair reads what its plan says, and nothing else.
@Suite struct ChangeBlockPlanTests {
  /// A file of one matrix; its bytes are NaN until they are fetched.
  private func file(_ shape: [Int], seed: UInt64) throws -> RangedFile {
    var random = SeededGenerator(seed)
    var builder = SafetensorsBuilder()
    let values = (0..<shape.reduce(1, *)).map { _ in Float(random.uniform()) }
    builder.add("model.layers.0.mlp.up_proj.weight", .f32, shape: shape, floats: values)
    return try RangedFile(builder.bytes)
  }

  private func pair(_ candidate: RangedFile, _ foundation: RangedFile) throws -> WeightPair {
    let weights = try [candidate, foundation].map { file in
      let checkpoint = try Checkpoint(files: [SafetensorsFile(file.bytes)], name: "x")
      return try #require(ModelReading.anatomy(of: checkpoint).weights.first)
    }
    return WeightPair(candidate: weights[0], foundation: weights[1], role: weights[0].role, rows: weights[0].rows)
  }

  @Test(
    "a block reads exactly the slices of its plan",
    arguments: [([200, 96], 16, 32), ([40, 33], 64, 64), ([300, 40], 64, 40)])
  func plan(shape: [Int], rows: Int, columns: Int) throws {
    let limits = ChangeBlock.Limits(rows: rows, columns: columns)
    let planned = try (file(shape, seed: 1), file(shape, seed: 2)), read = try (file(shape, seed: 1), file(shape, seed: 2))
    let plannedPair = try pair(planned.0, planned.1), readPair = try pair(read.0, read.1)
    let slices = ChangeBlock.plan(plannedPair, limits)
    #expect(slices.reduce(0) { $0 + $1.byteCount } == 2 * 4 * min(rows, shape[0]) * min(columns, shape[1]))
    try TensorSlice.ensure(slices)
    let fetched = (planned.0.fetched, planned.1.fetched)
    // Here every read fetches what it needs.
    let expected = try #require(ChangeBlock(readPair, limits))
    #expect(fetched.0 == read.0.fetched && fetched.1 == read.1.fetched)
    let found = try #require(ChangeBlock(plannedPair, limits))
    #expect(fetched.0 == planned.0.fetched && fetched.1 == planned.1.fetched, "the block reads no more than its plan")
    // A difference of NaNs would be 0.
    #expect(found.difference == expected.difference && found.edge == expected.edge && !found.difference.contains(0))
  }
}
