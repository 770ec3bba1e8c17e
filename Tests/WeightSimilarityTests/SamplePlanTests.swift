import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import WeightSimilarity

/// A sample reads what its plan says, and nothing else.
@Suite struct SamplePlanTests {
  /// A weight of the same numbers in a mapped file and in one that is elsewhere.
  private struct Sides {
    var mapped: Weight
    var elsewhere: Weight
    var file: RangedFile
  }

  private func sides(_ name: String, _ shape: [Int], _ type: ElementType = .f32) throws -> Sides {
    // Any numbers will do, so they cost little to make.
    let values = (0..<shape.reduce(1, *)).map { Float(UInt32(truncatingIfNeeded: $0) &* 2_654_435_761 >> 16) - 32_768 }
    var builder = SafetensorsBuilder()
    builder.add(name, type, shape: shape, floats: values)
    let file = try RangedFile(builder.bytes)
    let weight = { (checkpoint: Checkpoint) throws in
      try #require(ModelReading.anatomy(of: checkpoint).weights.first)
    }
    let folder = TemporaryFolder()
    return Sides(
      mapped: try weight(Checkpoint.open(builder.write(to: folder))),
      elsewhere: try weight(Checkpoint(files: [SafetensorsFile(file.bytes)], name: "x")), file: file)
  }

  @Test(
    "the sample of rows is the same from a file that has only its plan, and a small part of a large matrix",
    arguments: [([40, 33_000], 0.45), ([100, 256], 1.0), ([3000, 64], 0.1)])
  func rows(shape: [Int], share: Double) throws {
    let sides = try sides("model.layers.0.mlp.up_proj.weight", shape)
    try TensorSlice.ensure(RowSample.plan(sides.elsewhere))
    let planned = sides.file.fetchedCount
    #expect(Double(planned) <= share * Double(sides.file.bytes.size) + 4096)
    let found = RowSample(of: sides.elsewhere)
    #expect(sides.file.fetchedCount == planned, "the sample reads no more than its plan")
    let expected = RowSample(of: sides.mapped)
    #expect(found.rows == 32 && found.shiftedCosines(with: found) == expected.shiftedCosines(with: expected))
  }

  @Test("the sample of channels is the same from a file that has only its plan")
  func channels() throws {
    let sides = try sides("model.embed_tokens.weight", [5000, 96], .bf16)
    try TensorSlice.ensure(ChannelSample.plan(sides.elsewhere, first: 4000))
    let planned = sides.file.fetchedCount
    #expect(planned < 64 * 96 * 2 + 4096)
    var (found, expected) = (ChannelSample(), ChannelSample())
    found.read(sides.elsewhere, first: 4000)
    expected.read(sides.mapped, first: 4000)
    #expect(sides.file.fetchedCount == planned && found.shiftedCosines(with: found) == expected.shiftedCosines(with: expected))
  }

  @Test("without a plan the same is fetched when it is read")
  func unplanned() throws {
    let sides = try sides("model.layers.0.mlp.up_proj.weight", [3000, 64])
    let (found, expected) = (RowSample(of: sides.elsewhere), RowSample(of: sides.mapped))
    #expect(found.shiftedCosines(with: found) == expected.shiftedCosines(with: expected))
    #expect(sides.file.fetchedCount < sides.file.bytes.size / 4)
    // The header's length, the header, and all rows in one request.
    #expect(sides.file.requests.count == 3)
  }

  @Test("part of a matrix says what it reads", arguments: [0..<3, 1..<2, 7..<40])
  func part(rows: Range<Int>) throws {
    let sides = try sides("model.layers.0.mlp.up_proj.weight", [40, 50])
    let matrix = MatrixRows(sides.elsewhere)
    try TensorSlice.ensure(matrix.plan(rows, 10..<20))
    let planned = sides.file.fetchedCount
    #expect(matrix.read(rows, 10..<20) == MatrixRows(sides.mapped).read(rows, 10..<20))
    #expect(sides.file.fetchedCount == planned && !matrix.read(rows, 10..<20).contains { $0.isNaN })
  }
}
