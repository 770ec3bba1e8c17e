import Checkpoints
import ElementTypes
import ModelAnatomy
import ModelKit
import RoleInference
import TensorFiles
import TestKit
import Testing
import Threads

@testable import Sketches

@Suite struct SketcherTests {
  private func sketch(_ anatomy: Anatomy, threads: Int = 2) throws -> ModelSketch {
    try Sketcher(workers: Workers(threads: threads)).sketch(of: anatomy)
  }

  private func model(_ seed: UInt64, layers: Int = 4) -> SyntheticModel {
    SyntheticModel(seed: seed, layers: layers, width: 64, neurons: 160)
  }

  /// bf16 numbers, which every type of this test holds exactly.
  private func rounded(_ model: SyntheticModel) -> SyntheticModel {
    var copy = model
    for (name, matrix) in model.matrices {
      let values = matrix.values.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) }
      copy.matrices[name] = (matrix.rows, matrix.columns, values)
    }
    return copy
  }

  /// The model in files of their own, in another order of tensors, and in another type.
  private func stored(
    _ model: SyntheticModel, in folder: TemporaryFolder, as name: String, shards: Int, type: ElementType, reversed: Bool
  ) throws -> Anatomy {
    let sorted = model.matrices.sorted { reversed ? $0.key > $1.key : $0.key < $1.key }
    for shard in 0..<shards {
      var builder = SafetensorsBuilder()
      for (i, (name, matrix)) in sorted.enumerated() where i % shards == shard {
        builder.add(name, type, shape: [matrix.rows, matrix.columns], floats: matrix.values)
      }
      let file = shards == 1 ? "model" : "model-0000\(shard + 1)-of-0000\(shards)"
      try builder.write(to: folder, as: "\(name)/\(file).safetensors")
    }
    if shards > 1 {
      let map = sorted.enumerated().map { "\"\($1.key)\":\"model-0000\($0 % shards + 1)-of-0000\(shards).safetensors\"" }
      try folder.write("{\"weight_map\":{\(map.joined(separator: ","))}}", to: "\(name)/model.safetensors.index.json")
    }
    return ModelReading.anatomy(of: try Checkpoint.open(folder.path(of: name)))
  }

  @Test("a sketch has the same bytes for any number of threads, shards, order of tensors, and wider types")
  func invariance() throws {
    let folder = TemporaryFolder()
    let model = rounded(model(3))
    let first = try stored(model, in: folder, as: "a", shards: 1, type: .bf16, reversed: false)
    let record = try sketch(first, threads: 1).record
    #expect(try sketch(first, threads: 3).record == record)
    #expect(try sketch(stored(model, in: folder, as: "b", shards: 3, type: .bf16, reversed: false)).record == record)
    #expect(try sketch(stored(model, in: folder, as: "c", shards: 1, type: .bf16, reversed: true)).record == record)
    #expect(try sketch(stored(model, in: folder, as: "d", shards: 2, type: .f32, reversed: true)).record == record)
    // Other numbers give another sketch.
    #expect(try sketch(self.model(4).anatomy(in: folder, as: "e")).record != record)
  }

  @Test("a sketch comes back from its record, and no other bytes are one")
  func record() throws {
    let folder = TemporaryFolder()
    let record = try sketch(model(5, layers: 2).anatomy(in: folder, as: "a")).record
    let again = try #require(ModelSketch(record: record))
    #expect(again.record == record)
    #expect(again.parts[0].neurons != nil)
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    for _ in 0..<300 {
      var wrong = record
      wrong[Int.random(in: 0..<record.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      // Whatever it gives, it must not trap; and what is read can be written.
      if let read = ModelSketch(record: wrong) { #expect(!read.record.isEmpty, "\(random)") }
      #expect(ModelSketch(record: Array(record.prefix(Int.random(in: 0..<record.count, using: &random)))) == nil, "\(random)")
    }
  }

  @Test("a noisy copy and a masked copy are found, and a stranger is not")
  func kinship() throws {
    let folder = TemporaryFolder()
    let known = model(6)
    let own = try sketch(known.anatomy(in: folder, as: "a")).parts[0]
    let noisy = try sketch(known.noised(0.3, seed: 1).anatomy(in: folder, as: "b")).parts[0]
    let stranger = try sketch(model(7).anatomy(in: folder, as: "c")).parts[0]
    // Neurons in another order: nothing is in place any more.
    var masked = known
    var random = SeededGenerator(8)
    for layer in 0..<4 {
      let order = (0..<160).shuffled(using: &random)
      for (role, isDown) in [("gate_proj", false), ("up_proj", false), ("down_proj", true)] {
        let name = "model.layers.\(layer).mlp.\(role).weight"
        guard let matrix = known.matrices[name] else { continue }
        var values = matrix.values
        for i in 0..<matrix.rows {
          for j in 0..<matrix.columns {
            values[i * matrix.columns + j] = matrix.values[isDown ? i * matrix.columns + order[j] : order[i] * matrix.columns + j]
          }
        }
        masked.matrices[name]?.values = values
      }
    }
    let hidden = try sketch(masked.anatomy(in: folder, as: "d")).parts[0]
    func match(_ part: PartSketch) -> SketchMatch {
      SketchMatch(
        inPlace: InPlaceMatch(candidate: part, known: own),
        neurons: NeuronMatch(candidate: part, known: own, workers: Workers(threads: 2)), searched: 1)
    }
    #expect(match(noisy).isKin && match(noisy).log10InPlace < -6)
    #expect(match(hidden).isKin && match(hidden).log10InPlace > -3)
    #expect(match(hidden).mappedLayers.map(\.origin) == [0, 1, 2, 3])
    #expect(!match(stranger).isKin && match(stranger).log10P > -3)
    #expect(match(own).inPlace?.equalShare == 1)
    #expect(match(stranger).inPlace?.equalShare == 0)
  }
}
