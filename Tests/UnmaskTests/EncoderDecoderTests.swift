import ElementTypes
import Lineage
import TestKit
import Testing

@testable import Unmask

/// Models of an encoder and a decoder whose layers have the same numbers, under T5's names.
@Suite struct EncoderDecoderTests {
  private struct Model {
    static let (width, neurons, layers, tokens) = (64, 160, 3, 96)
    /// [rows, columns] by name.
    var matrices: [String: (rows: Int, columns: Int, values: [Float])] = [:]

    init(_ random: inout SeededGenerator) {
      let width = Self.width
      func add(_ name: String, _ rows: Int, _ columns: Int, to model: inout Model) {
        model.matrices[name] = (rows, columns, (0..<rows * columns).map { _ in Float(random.normal()) / 8 })
      }
      add("shared", Self.tokens, width, to: &self)
      add("lm_head", Self.tokens, width, to: &self)
      for (side, mlp) in [("encoder", 1), ("decoder", 2)] {
        for layer in 0..<Self.layers {
          let block = "\(side).block.\(layer).layer."
          for attention in ["0.SelfAttention"] + (mlp == 2 ? ["1.EncDecAttention"] : []) {
            for name in ["q", "k", "v", "o"] { add("\(block)\(attention).\(name)", width, width, to: &self) }
          }
          add("\(block)\(mlp).DenseReluDense.wi_0", Self.neurons, width, to: &self)
          add("\(block)\(mlp).DenseReluDense.wi_1", Self.neurons, width, to: &self)
          add("\(block)\(mlp).DenseReluDense.wo", width, Self.neurons, to: &self)
        }
      }
    }

    /// The same model with its channels, and the neurons of each MLP, in other orders.
    func masked(_ random: inout SeededGenerator) -> Model {
      let channels = (0..<Self.width).shuffled(using: &random)
      var orders: [Substring: [Int]] = [:]
      var copy = self
      for (name, matrix) in matrices.sorted(by: { $0.key < $1.key }) {
        let (stem, word) = name.lastIndex(of: ".").map { (name[..<$0], name[name.index(after: $0)...]) } ?? ("", name[...])
        var (rows, columns) = (Array(0..<matrix.rows), Array(0..<matrix.columns))
        if word.hasPrefix("w") {
          let order = orders[stem] ?? (0..<Self.neurons).shuffled(using: &random)
          orders[stem] = order
          (rows, columns) = word == "wo" ? (channels, order) : (order, channels)
        } else if word == "o" {
          rows = channels
        } else {
          columns = channels
        }
        copy.matrices[name]?.values = rows.flatMap { row in columns.map { matrix.values[row * matrix.columns + $0] } }
      }
      return copy
    }

    func write(to folder: TemporaryFolder, as name: String) throws -> String {
      var builder = SafetensorsBuilder()
      for (name, matrix) in matrices.sorted(by: { $0.key < $1.key }) {
        builder.add(name + ".weight", .f32, shape: [matrix.rows, matrix.columns], floats: matrix.values)
      }
      return try builder.write(to: folder, as: name + ".safetensors")
    }
  }

  @Test("neurons of the encoder and of the decoder are found in any order; those of a stranger are not")
  func masked() throws {
    var random = SeededGenerator(91)
    let (model, stranger) = (Model(&random), Model(&random))
    let folder = TemporaryFolder()
    let foundation = try model.write(to: folder, as: "foundation")
    let found = try Unmask.compare(candidate: try model.masked(&random).write(to: folder, as: "copy"), foundation: foundation)
    #expect(found.relation == .derived, "\(random): \(found.relation)")
    let other = try Unmask.compare(
      candidate: try stranger.masked(&random).write(to: folder, as: "stranger"), foundation: foundation)
    #expect(other.relation == .independent, "\(random): \(other.relation)")
    #expect(other.verdict.evidence.contains { $0.test == .neuronTables }, "the neurons were compared")
  }
}
