import ElementTypes
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct GramPassTests {
  private let types: [ElementType] = [.f32, .f32, .bf16, .f16]

  /// Four relatives of different types; the last lacks one weight.
  private func family() -> [TensorSet] {
    var random = SeededGenerator(51)
    let common = (0..<3 * 40 * 300).map { _ in Float(random.normal()) }
    return types.enumerated().map { number, type in
      let noise = common.map { $0 + Float(number) * 0.3 * Float(random.normal()) + 0.05 }
      var set = TensorSet()
      for layer in 0..<(number == 3 ? 2 : 3) {
        let values = Array(noise[layer * 12_000..<(layer + 1) * 12_000])
        set.add("model.layers.\(layer).mlp.up_proj.weight", type, [40, 300], values)
      }
      set.add("model.norm.weight", type, [4], [1, 2, 3, Float(number)])
      return set
    }
  }

  @Test("it finds what the passes over all pairs find, to 1e-6")
  func pairs() throws {
    let family = family()
    let matrices = GramPass(try family.map { try $0.anatomy() }, workers: Workers(threads: 2)).run()
    #expect(matrices.map(\.models) == [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2]])
    for matrix in matrices {
      for (i, a) in matrix.models.enumerated() {
        for (j, b) in matrix.models.enumerated() where a != b {
          let pair = try family[a].similarity(to: family[b]).tensors
            .first { $0.layer == matrix.layer && $0.role == matrix.role }
          let (cosine, centred) = (matrix.cosine(i, j), matrix.cosine(i, j, .centred))
          #expect(abs(try #require(cosine) - (try #require(pair?.cosine))) < 1e-6)
          #expect(abs(try #require(centred) - (try #require(pair?.centredCosine))) < 1e-6)
        }
      }
    }
  }

  @Test("it is symmetric to the bit, and the same for any number of threads", arguments: [1, 2, 5])
  func sameBits(threads: Int) throws {
    let models = try family().map { try $0.anatomy() }
    let one = GramPass(models, workers: Workers(threads: 1)).run()
    #expect(GramPass(models, workers: Workers(threads: threads)).run() == one)
    for matrix in one {
      let side = matrix.models.count
      for i in 0..<side {
        for j in 0..<side { #expect(matrix.products[i * side + j] == matrix.products[j * side + i]) }
      }
    }
  }

  @Test(
    "models of one type, read in place, give what the passes over pairs give", arguments: [2, 3, 8, 16, 17],
    [ElementType.bf16, .f16])
  func inPlace(count: Int, type: ElementType) throws {
    var random = SeededGenerator(52)
    let common = (0..<9_001).map { _ in Float(random.normal()) }
    let sets = (0..<count).map { _ in
      TensorSet([("w", type, [1, 9_001], common.map { $0 + Float(random.normal()) + 0.1 })])
    }
    let matrices = GramPass(try sets.map { try $0.anatomy() }, workers: Workers(threads: 2)).run()
    #expect(matrices.count == 1)
    for i in 0..<count {
      for j in 0..<i {
        let pair = try sets[i].similarity(to: sets[j]).tensors[0]
        let (cosine, centred) = (matrices[0].cosine(i, j), matrices[0].cosine(i, j, .centred))
        #expect(abs(try #require(cosine) - (try #require(pair.cosine))) < 1e-6, "\(random)")
        #expect(abs(try #require(centred) - (try #require(pair.centredCosine))) < 1e-6, "\(random)")
      }
    }
  }

  @Test("a NaN among numbers that are read in place counts as zero, and huge ones keep their precision")
  func inPlaceExceptions() throws {
    var random = SeededGenerator(53)
    let values = (0..<20_000).map { _ in Float(random.normal()) }
    var holed = values
    holed[10_000] = .nan
    let sets = [values, holed, values.map { $0 * 0x1p90 }].map { TensorSet([("w", .bf16, [2, 10_000], $0)]) }
    let matrix = GramPass(try sets.map { try $0.anatomy() }, workers: Workers(threads: 2)).run()[0]
    #expect(abs(try #require(matrix.cosine(0, 2)) - 1) < 1e-6)
    let lost = Double(Float(bitPattern: values[10_000].bitPattern & 0xffff_0000))
    let square = matrix.products[0]
    #expect(abs(try #require(matrix.cosine(0, 1)) - ((square - lost * lost) / square).squareRoot()) < 1e-6)
  }

  @Test("two equal models have a cosine of 1")
  func equal() throws {
    let model = try family()[1].anatomy()
    for matrix in GramPass([model, model], workers: Workers(threads: 2)).run() {
      #expect(abs((matrix.cosine(0, 1) ?? 0) - 1) < 1e-15)
    }
  }

  @Test("a weight of another shape, or that one model alone has, is not compared")
  func apart() throws {
    let a = TensorSet([("model.layers.0.mlp.up_proj.weight", .f32, [2, 2], [1, 2, 3, 4]), ("x", .f32, [2], [1, 2])])
    let b = TensorSet([("model.layers.0.mlp.up_proj.weight", .f32, [2, 3], [1, 2, 3, 4, 5, 6])])
    #expect(GramPass([try a.anatomy(), try b.anatomy()], workers: Workers(threads: 2)).run().isEmpty)
    #expect(GramPass.bytes(of: [try a.anatomy(), try b.anatomy()]) == 0)
  }

  @Test("a weight of zeros has no cosine")
  func zeros() throws {
    let zero = TensorSet([("w", .f32, [2, 2], [0, 0, 0, 0])])
    let one = TensorSet([("w", .f32, [2, 2], [1, 1, 1, 1])])
    let matrices = GramPass([try zero.anatomy(), try one.anatomy()], workers: Workers(threads: 1)).run()
    #expect(matrices.count == 1 && matrices.nonEmptyAllSatisfy { $0.cosine(0, 1) == nil && $0.cosine(1, 1, .centred) == nil })
  }
}
