import Checkpoints
import ElementTypes
import ModelAnatomy
import RoleInference
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

/// The angles between rows of value projections: of rotated copies, and of strangers.
@Suite struct ValueAnglesTests {
  private typealias Tensor = (name: String, shape: [Int], values: [Float])

  private static let width = 64

  private func tensors(_ start: StrangerModel.Start, _ random: inout SeededGenerator) -> [Tensor] {
    let frame = StrangerModel.Frame(.llama, start, &random, layers: 4, width: Self.width)
    return StrangerModel(frame, &random).tensors.map { ($0.name, $0.shape, $0.values) }
  }

  private func pairing(_ candidate: [Tensor], _ foundation: [Tensor]) throws -> Pairing {
    let folder = TemporaryFolder()
    let anatomies = try [candidate, foundation].enumerated().map { number, tensors in
      var builder = SafetensorsBuilder()
      for tensor in tensors { builder.add(tensor.name, .f32, shape: tensor.shape, floats: tensor.values) }
      return ModelReading.anatomy(of: try Checkpoint.open(builder.write(to: folder, as: "\(number)/model.safetensors")))
    }
    return Pairing(candidate: anatomies[0], foundation: anatomies[1])
  }

  /// The test of a model whose value projections are those of `foundation` in another basis, gains folded, and all else is a stranger's.
  private func rotated(_ foundation: [Tensor], _ random: inout SeededGenerator, noise: Float = 0) throws -> [Tensor] {
    let (width, basis) = (Self.width, random.orthogonalRows(Self.width))
    let known = Dictionary(uniqueKeysWithValues: foundation.map { ($0.name, $0.values) })
    return try tensors(.normal, &random).map { tensor in
      if tensor.name.hasSuffix("input_layernorm.weight") {
        return (tensor.name, tensor.shape, Array(repeating: 1, count: width))
      }
      guard tensor.name.hasSuffix("v_proj.weight") else { return tensor }
      let layer = tensor.name.split(separator: ".")[2]
      let rows = try #require(known[tensor.name])
      let gains = try #require(known["model.layers.\(layer).input_layernorm.weight"])
      var values = [Float](repeating: 0, count: rows.count)
      for row in 0..<rows.count / width {
        for column in 0..<width {
          var sum: Float = 0
          for k in 0..<width { sum += rows[row * width + k] * gains[k] * basis[column * width + k] }
          values[row * width + column] = sum
        }
      }
      let size = (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
      return (tensor.name, tensor.shape, values.map { $0 + noise * size * Float(random.normal()) })
    }
  }

  @Test("value projections in another basis are found, also after some noise", arguments: [Float(0), 0.3], [1, 2])
  func found(noise: Float, threads: Int) throws {
    var random = SeededGenerator(5_000)
    let foundation = tensors(.normal, &random)
    let pairing = try pairing(rotated(foundation, &random, noise: noise), foundation)
    let test = try #require(ValueAngles(pairing).test(workers: Workers(threads: threads)))
    #expect(test.log10P < -6 && test.excess > 0.5, "\(test), \(random)")
    #expect(ValueAngles(pairing).test(workers: Workers(threads: 1)) == test)
  }

  @Test("strangers of every start are as alike as chance has it", arguments: StrangerModel.Start.allCases)
  func strangers(start: StrangerModel.Start) throws {
    var random = SeededGenerator(5_100)
    var found: [Double] = []
    for _ in 0..<40 {
      let frame = StrangerModel.Frame(.llama, start, &random, layers: 4, width: Self.width)
      let models = [StrangerModel(frame, &random), StrangerModel(frame, &random)].map { model in
        model.tensors.map { ($0.name, $0.shape, $0.values) as Tensor }
      }
      let pairing = try pairing(models[0], models[1])
      if let test = ValueAngles(pairing).test(workers: Workers(threads: 1)) { found.append(test.log10P) }
    }
    // 280 pairs in all: one in a thousand may have a p-value of a thousandth.
    #expect(found.allSatisfy { $0 > -4 }, "\(found.min() ?? 0), \(random)")
    #expect(found.count { $0 < -1 } <= 10, "\(found.sorted().prefix(5)), \(random)")
  }

  @Test("heads that repeat each other say nothing")
  func repeated() throws {
    var random = SeededGenerator(5_200)
    // Sixteen rows, again and again: what a conversion from grouped queries makes of the keys and values.
    let models = (0..<2).map { _ in
      tensors(.normal, &random).map { tensor -> Tensor in
        guard tensor.name.hasSuffix("v_proj.weight") else { return tensor }
        let head = Array(tensor.values.prefix(16 * Self.width))
        return (tensor.name, tensor.shape, Array((0..<tensor.shape[0] / 16).map { _ in head }.joined()))
      }
    }
    let test = ValueAngles(try pairing(models[0], models[1])).test(workers: Workers(threads: 1))
    #expect(test.map { $0.log10P > -3 } ?? true, "\(random)")
  }
}
