import Checkpoints
import ElementTypes
import ModelAnatomy
import Safetensors
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import RoleInference

/// A sample of neurons reads what its plan says, and nothing else.
@Suite struct SamplerPlanTests {
  /// A file of one matrix; its bytes are NaN until they are fetched.
  private func file(_ shape: [Int]) throws -> RangedFile {
    var random = SeededGenerator(3)
    var builder = SafetensorsBuilder()
    builder.add("w", .f32, shape: shape, floats: (0..<shape.reduce(1, *)).map { _ in Float(random.uniform()) })
    return try RangedFile(builder.bytes)
  }

  private func sampler(_ file: RangedFile) throws -> NeuronSampler {
    let checkpoint = try Checkpoint(files: [SafetensorsFile(file.bytes)], name: "x")
    return NeuronSampler(Parameters(of: checkpoint).all, of: checkpoint)
  }

  @Test(
    "a sample reads exactly the slices of its plan",
    arguments: [([60, 40], 16), ([60, 1100], 10), ([1100, 60], 1000)] as [(shape: [Int], count: Int)],
    [MatrixCut.Side.outputs, .inputs])
  func plan(matrix: (shape: [Int], count: Int), side: MatrixCut.Side) throws {
    let cut = MatrixCut(parameter: 0)
    let (planned, read) = (try file(matrix.shape), try file(matrix.shape))
    var (plannedSampler, readSampler) = (try sampler(planned), try sampler(read))
    let slices = plannedSampler.plan(cut, side, count: matrix.count)
    try TensorSlice.ensure(slices)
    let fetched = planned.fetched
    // Here every read fetches what it needs.
    let expected = readSampler.sample(cut, side, count: matrix.count)
    #expect(fetched == read.fetched)
    let found = plannedSampler.sample(cut, side, count: matrix.count)
    #expect(planned.fetched == fetched, "the sample reads no more than its plan")
    #expect(found.values == expected.values && !found.values.contains(0) && !found.values.contains(where: \.isNaN))
  }
}
