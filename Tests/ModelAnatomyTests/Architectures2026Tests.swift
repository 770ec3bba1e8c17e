import Checkpoints
import ElementTypes
import Foundation
import RoleInference
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

/// The architectures of 2026, by the names and shapes of small checkpoints (testdata/oracle/architectures_2026.py).
@Suite struct Architectures2026Tests {
  private let folder = TemporaryFolder()

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Tensor: Decodable, Sendable {
      let name: String
      let shape: [Int]

      init(from decoder: any Decoder) throws {
        var fields = try decoder.unkeyedContainer()
        name = try fields.decode(String.self)
        shape = try fields.decode([Int].self)
      }
    }

    let name: String
    let architecture: String
    /// `vision` or `audio` where a tower stands beside the language model; empty otherwise.
    let tower: String
    let tensors: [Tensor]
    var testDescription: String { name }

    static let all: [Case] = {
      let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../testdata/architectures-2026.json")
      guard let data = try? Data(contentsOf: place), let cases = try? JSONDecoder().decode([Case].self, from: data) else {
        preconditionFailure("no testdata/architectures-2026.json")
      }
      return cases
    }()

    /// Writes the checkpoint with random numbers.
    func write(to folder: TemporaryFolder) throws -> String {
      var builder = SafetensorsBuilder()
      for tensor in tensors { builder.add(tensor.name, .f32, shape: tensor.shape, floats: numbers(of: tensor)) }
      return try builder.write(to: folder)
    }

    /// The numbers of a tensor, of which the name is the seed.
    func numbers(of tensor: Tensor) -> [Float] {
      var random = SeededGenerator(tensor.name.utf8.reduce(26) { $0 &* 31 &+ UInt64($1) })
      return (0..<tensor.shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &random) }
    }
  }

  @Test("an architecture is recognised, and the table explains every tensor", arguments: Case.all)
  func recognised(model: Case) throws {
    let checkpoint = try Checkpoint.open(model.write(to: folder))
    let source = ModelSource(checkpoint, with: nil)
    let reading = ArchitectureTable.shared.reading(of: source.parameters, hints: ReadingHints(checkpoint: checkpoint))
    #expect(reading.architecture == model.architecture)
    let left = reading.unassigned.map { source.parameters[$0].name }
    #expect(left.isEmpty, "\(left.prefix(8))")
    #expect(reading.explained >= 0.97, "\(reading.explained)")
    let anatomy = ModelReading.anatomy(of: checkpoint)
    #expect(anatomy.architecture == model.architecture && anatomy.layers >= 2 && anatomy.inference == nil)
    if !model.tower.isEmpty {
      #expect(reading.assignments.contains { $0.role.name.hasPrefix("\(model.tower).layers.1.") })
    }
    // No two weights have one place.
    let keys = reading.assignments.map { "\($0.role.name) \($0.layer ?? -1) \($0.expert ?? -1)" }
    let repeated = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys
    #expect(repeated.isEmpty, "\(repeated.sorted().prefix(4))")
  }

  /// A tensor of several weights by the end of its name, and the rows of each weight, of one expert where there are experts.
  private static let fused: [(ending: String, models: Set<String>, parts: [(role: String, rows: Range<Int>)])] = [
    (".experts.gate_up_proj", ["gemma4_moe"], [("gate_proj", 0..<32), ("up_proj", 32..<64)]),
    (".attention.query_key_value.weight", ["bailing_moe"], [("q_proj", 0..<64), ("k_proj", 64..<96), ("v_proj", 96..<128)]),
    (".att_proj.weight", ["olmo_original"], [("q_proj", 0..<64), ("k_proj", 64..<128), ("v_proj", 128..<192)]),
    (".ff_proj.weight", ["olmo_original"], [("up_proj", 0..<96), ("gate_proj", 96..<192)]),
    (".mlp.gate_up_proj.weight", ["hrm_text"], [("gate_proj", 0..<96), ("up_proj", 96..<192)]),
    (".moe.up_proj.weight", ["step3p5"], [("up_proj", 0..<32)]),
    (".moe.down_proj.weight", ["step3p5"], [("down_proj", 0..<64)]),
    (".attn.qkv.weight", ["intern_vit", "radio", "qwen3_vl"], [("q_proj", 0..<48), ("k_proj", 48..<96), ("v_proj", 96..<144)]),
    (".wqkv.weight", ["moon_vit"], [("q_proj", 0..<48), ("k_proj", 48..<96), ("v_proj", 96..<144)]),
    (
      ".mamba.in_proj.weight", ["falcon_h1"],
      [
        ("in_proj.z", 0..<128), ("in_proj.x", 128..<256), ("in_proj.B", 256..<272), ("in_proj.C", 272..<288),
        ("in_proj.dt", 288..<296),
      ]
    ),
  ]

  @Test("fused and stacked tensors hold the weights of a file that stores each alone, bit for bit")
  func twins() throws {
    for (ending, models, parts) in Self.fused {
      for model in Case.all.filter({ models.contains($0.name) }) {
        let folder = TemporaryFolder()
        let anatomy = ModelReading.anatomy(of: try Checkpoint.open(model.write(to: folder)))
        let tensors = model.tensors.filter { $0.name.hasSuffix(ending) }
        #expect(!tensors.isEmpty)
        for tensor in tensors {
          let numbers = model.numbers(of: tensor)
          let weights = (anatomy.parts.flatMap(\.anatomy.weights)).filter { $0.tensor.name.string == tensor.name }
          let experts = tensor.shape.count == 3 ? tensor.shape[0] : 1
          #expect(weights.count == parts.count * experts, "\(tensor.name)")
          let columns = tensor.shape[tensor.shape.count - 1]
          for expert in 0..<experts {
            for (role, rows) in parts {
              let weight = weights.first { $0.role.name.hasSuffix(role) && $0.expert == (tensor.shape.count == 3 ? expert : nil) }
              let found = try #require(weight, "\(tensor.name) \(role)")
              var values = [Float](repeating: 0, count: found.parameters)
              var span = values.mutableSpan
              found.read(rows: 0..<found.rows, columns: 0..<found.columns, into: &span, at: 0, stride: found.columns)
              let first = expert * tensor.shape[tensor.shape.count - 2] * columns
              #expect(
                values == Array(numbers[first + rows.lowerBound * columns..<first + rows.upperBound * columns]),
                "\(tensor.name) \(role) \(expert)")
            }
          }
        }
      }
    }
  }
}
