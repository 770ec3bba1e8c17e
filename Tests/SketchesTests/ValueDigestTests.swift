import Checkpoints
import ElementTypes
import ModelAnatomy
import ModelKit
import RoleInference
import TestKit
import Testing
import Threads

@testable import Sketches

@Suite struct ValueDigestTests {
  private let workers = Workers(threads: 2)

  /// A model whose numbers bf16 holds exactly.
  private func model(_ seed: UInt64) -> SyntheticModel {
    var model = SyntheticModel(seed: seed, layers: 2, width: 64, neurons: 96)
    for (name, matrix) in model.matrices {
      model.matrices[name]?.values = matrix.values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
    }
    return model
  }

  /// Written in a type, in one file or in shards, in an order of tensors.
  private func stored(
    _ model: SyntheticModel, in folder: TemporaryFolder, as name: String, _ type: ElementType, shards: Int = 1,
    reversed: Bool = false,
    renaming rename: (String) -> String = { $0 }
  ) throws -> Anatomy {
    var builder = SafetensorsBuilder()
    for (name, matrix) in model.matrices.sorted(by: { reversed ? $0.key > $1.key : $0.key < $1.key }) {
      builder.add(rename(name), type, shape: [matrix.rows, matrix.columns], floats: matrix.values)
    }
    if shards > 1 {
      try builder.writeShards(shards, to: folder, below: name + "/")
    } else {
      try builder.write(to: folder, as: name + "/model.safetensors")
    }
    return ModelReading.anatomy(of: try Checkpoint.open(folder.path(of: name)))
  }

  @Test("equal numbers have one hash, whatever type, shards, order of tensors and threads")
  func invariance() throws {
    let folder = TemporaryFolder()
    let model = model(5)
    let first = try stored(model, in: folder, as: "a", .bf16)
    let digest = try #require(try ValueDigest.of(first, workers: workers))
    #expect(digest.utf8.count == 64)
    #expect(try ValueDigest.of(first, workers: Workers(threads: 1)) == digest)
    #expect(try ValueDigest.of(stored(model, in: folder, as: "b", .f32), workers: workers) == digest)
    #expect(try ValueDigest.of(stored(model, in: folder, as: "c", .bf16, shards: 3, reversed: true), workers: workers) == digest)
    let wrapped = try stored(model, in: folder, as: "d", .bf16) { "wrapper." + $0 }
    #expect(try ValueDigest.of(wrapped, workers: workers) == digest, "names of tensors are not in it")
  }

  @Test("one changed number, and two exchanged rows, give another hash")
  func sensitivity() throws {
    let folder = TemporaryFolder()
    let model = model(6)
    let digest = try ValueDigest.of(stored(model, in: folder, as: "a", .f32), workers: workers)
    let name = try #require(model.matrices.keys.sorted().last)
    var changed = model
    let last = (changed.matrices[name]?.values.count ?? 1) - 1
    changed.matrices[name]?.values[last] += 1
    #expect(try ValueDigest.of(stored(changed, in: folder, as: "b", .f32), workers: workers) != digest)
    var exchanged = model
    let columns = try #require(model.matrices[name]).columns
    for column in 0..<columns { exchanged.matrices[name]?.values.swapAt(column, columns + column) }
    #expect(try ValueDigest.of(stored(exchanged, in: folder, as: "c", .f32), workers: workers) != digest)
  }

  @Test("numbers that f32 cannot hold have no hash: two of them could be rounded to one")
  func inexact() throws {
    let folder = TemporaryFolder()
    #expect(try ValueDigest.of(stored(model(7), in: folder, as: "a", .f64), workers: workers) == nil)
  }
}
