import Checkpoints
import ElementTypes
import TensorFiles
import TestKit
import Testing

@testable import AuditReports

@Suite struct TensorRegionTests {
  /// Tensors a to e of 16 bytes each, in this order in the file.
  private func checkpoint(shards: Int, in folder: TemporaryFolder) throws -> Checkpoint {
    var builder = SafetensorsBuilder()
    for name in ["a", "b", "c", "d", "e"] { builder.add(name, .f32, shape: [2, 2], floats: [1, 2, 3, 4]) }
    if shards == 1 { return try Checkpoint.open(try builder.write(to: folder)) }
    return try Checkpoint.open(try builder.writeShards(shards, to: folder))
  }

  @Test("tensors that follow each other are one region, and one that was not chosen ends it")
  func runs() throws {
    let folder = TemporaryFolder()
    let checkpoint = try checkpoint(shards: 1, in: folder)
    let start = try #require(checkpoint.tensor(named: "a")).byteRange.lowerBound
    #expect(TensorRegion.runs(of: checkpoint) == [TensorRegion(file: 0, offset: start, length: 80, tensors: 5)])
    let chosen = TensorRegion.runs(of: checkpoint) { $0.name.string != "c" }
    #expect(
      chosen == [
        TensorRegion(file: 0, offset: start, length: 32, tensors: 2),
        TensorRegion(file: 0, offset: start + 48, length: 32, tensors: 2),
      ])
    #expect(TensorRegion.runs(of: checkpoint) { _ in false }.isEmpty)
  }

  @Test("a region never goes beyond its file")
  func shards() throws {
    let folder = TemporaryFolder()
    let checkpoint = try checkpoint(shards: 2, in: folder)
    let runs = TensorRegion.runs(of: checkpoint)
    #expect(runs.map(\.file) == [0, 1] && runs.map(\.tensors) == [2, 3])
    #expect(runs.nonEmptyAllSatisfy { $0.offset + $0.length == checkpoint.files[$0.file].size })
  }
}
