import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct LayerProductsTests {
  /// Cosine or correlation of two vectors in f64, elements that are not finite as zero; nil where it is undefined.
  private func plain(_ a: [Float], _ b: [Float], centred: Bool) -> Double? {
    let clean = { (values: [Float]) in values.map { $0.isFinite ? Double($0) : 0 } }
    let means = [a, b].map { centred ? clean($0).reduce(0, +) / Double($0.count) : 0 }
    let (x, y) = (clean(a).map { $0 - means[0] }, clean(b).map { $0 - means[1] })
    let (ab, aa, bb) = (
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }, x.reduce(0) { $0 + $1 * $1 }, y.reduce(0) { $0 + $1 * $1 }
    )
    return aa > 0 && bb > 0 ? ab / (aa.squareRoot() * bb.squareRoot()) : nil
  }

  /// Values of a matrix a layer and role, every layer of one model against every layer of the other.
  private func expect(
    _ a: [[String: [Float]]], _ b: [[String: [Float]]], type: ElementType = .f32, centredTolerance: Double = 1e-6,
    shape: @escaping (Int) -> [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let build = { (layers: [[String: [Float]]]) in
      TensorSet(
        layers.enumerated().flatMap { layer, matrices in
          matrices.sorted { $0.key < $1.key }.map { ("layers.\(layer).\($0.key).weight", type, shape($0.value.count), $0.value) }
        })
    }
    let (candidate, foundation) = (try build(a).anatomy(), try build(b).anatomy())
    let products = LayerProducts(candidate: candidate, foundation: foundation, workers: Workers(threads: 2))
    for metric in [LayerMatrix.Metric.cosine, .centred] {
      let matrix = products.matrix(metric)
      #expect(matrix.candidateLayers == Array(a.indices) && matrix.foundationLayers == Array(b.indices))
      for (i, row) in matrix.cells.enumerated() {
        for (j, cell) in row.enumerated() {
          var (sum, weight) = (0.0, 0.0)
          for (role, values) in a[i] {
            guard let other = b[j][role], other.count == values.count else { continue }
            guard let cosine = plain(values, other, centred: metric == .centred) else { continue }
            sum += cosine * Double(values.count)
            weight += Double(values.count)
          }
          let wanted = weight > 0 ? sum / weight : nil
          #expect((cell == nil) == (wanted == nil), "\(metric) \(i) \(j)", sourceLocation: sourceLocation)
          let error = abs((cell ?? 0) - (wanted ?? 0))
          let tolerance = metric == .centred ? centredTolerance : 1e-6
          #expect(error < tolerance, "\(metric) \(i) \(j): \(cell ?? .nan), \(wanted ?? .nan)", sourceLocation: sourceLocation)
        }
      }
    }
  }

  private func normal(_ count: Int, _ random: inout SeededGenerator, mean: Float = 0, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in scale * (mean + Float(random.normal())) }
  }

  /// Products are f32 over a block, so a mean costs the centred cosine the square of its ratio to the spread.
  @Test(
    "every cell is the cosine that a plain loop in f64 gives",
    arguments: [(Float(0), 1e-6), (0.5, 1e-6), (10, 1e-4)])
  func plainLoop(mean: Float, centredTolerance: Double) throws {
    var random = SeededGenerator(3)
    let base = (0..<4).map { _ in ["up": normal(3000, &random, mean: mean), "down": normal(1000, &random, mean: mean)] }
    let other = (0..<3).map { layer in
      base[layer].mapValues { values in values.map { $0 + 0.2 * Float(random.normal()) } }
    }
    try expect(other, base, centredTolerance: centredTolerance) { [10, $0 / 10] }
  }

  @Test("values near the ends of the range of f32 keep their precision", arguments: [Float(1e30), 1e-30, 1e-15, 1e18])
  func range(scale: Float) throws {
    var random = SeededGenerator(4)
    let a = (0..<2).map { _ in ["w": normal(2000, &random, scale: scale)] }
    let b = (0..<2).map { layer in ["w": a[layer]["w", default: []].map { $0 * (1 + 0.1 * Float(random.normal())) }] }
    try expect(a, b) { [20, $0 / 20] }
  }

  @Test("huge layers beside tiny ones do not disturb each other")
  func mixedRange() throws {
    var random = SeededGenerator(5)
    let scales: [Float] = [1e30, 1, 1e-30]
    let a = scales.map { ["w": normal(1000, &random, scale: $0)] }
    let b = scales.reversed().map { ["w": normal(1000, &random, scale: $0)] }
    try expect(a, b) { [10, $0 / 10] }
  }

  @Test("an element that is not finite counts as zero, a layer of nothing else has no cosine")
  func nonFinite() throws {
    var random = SeededGenerator(6)
    var a = (0..<3).map { _ in ["w": normal(500, &random)] }
    let b = (0..<2).map { _ in ["w": normal(500, &random)] }
    a[0]["w"]?[17] = .nan
    a[0]["w"]?[18] = -.infinity
    a[1]["w"] = Array(repeating: .nan, count: 500)
    a[2]["w"] = Array(repeating: 0, count: 500)
    try expect(a, b) { [10, $0 / 10] }
  }

  @Test("bf16 as it is stored gives what a plain loop gives, blocks that single precision does not hold among others")
  func stored() throws {
    var random = SeededGenerator(11)
    let rounded = { (values: [Float]) in values.map { Float(bitPattern: $0.bitPattern & 0xffff_0000) } }
    var a = (0..<5).map { _ in ["w": rounded(normal(9_000, &random)), "v": rounded(normal(700, &random))] }
    var b = (0..<4).map { layer in a[layer].mapValues { rounded($0.map { $0 + 0.2 * Float(random.normal()) }) } }
    a[1]["w"]?[4_500] = .nan
    b[2]["w"]?[8_999] = -.infinity
    a[2]["v"] = rounded(normal(700, &random, scale: 1e-30))
    b[3]["v"] = Array(repeating: 0, count: 700)
    try expect(a, b, type: .bf16) { [100, $0 / 100] }
  }

  @Test("layers of other shapes are compared with their like only")
  func shapes() throws {
    var random = SeededGenerator(8)
    let sizes = [600, 600, 900, 1200]
    let a = sizes.map { ["w": normal($0, &random), "v": normal(300, &random)] }
    let b = sizes.reversed().map { ["w": normal($0, &random)] }
    try expect(a, b) { [30, $0 / 30] }
  }

  @Test("more than one stripe and block gives the same")
  func large() throws {
    var random = SeededGenerator(9)
    let a = (0..<2).map { _ in ["w": normal(300_000, &random)] }
    let b = (0..<2).map { layer in ["w": a[1 - layer]["w", default: []].map { $0 + 0.5 * Float(random.normal()) }] }
    try expect(a, b) { [1000, $0 / 1000] }
  }

  @Test("sums of a few stripes at a time are the same to the last bit")
  func fewAtOnce() throws {
    var random = SeededGenerator(11)
    let (a, b) = (normal(600_000, &random), normal(600_000, &random))
    let set = TensorSet([a, b].enumerated().map { ("model.layers.\($0).mlp.up_proj.weight", .f32, [1500, 400], $1) })
    var products = LayerProducts(candidate: try set.anatomy(), foundation: try set.anatomy(), workers: Workers(threads: 2))
    let whole = products.matrix(.centred)
    for stripes in [1, 2] {
      products.stripesAtOnce = stripes
      #expect(products.matrix(.centred) == whole)
    }
  }

  @Test("an expert is compared with the expert of its number")
  func experts() throws {
    let (one, other): ([Float], [Float]) = ([1, 0, 0, 1], [0, 1, 1, 0])
    let set = TensorSet([
      ("model.layers.0.mlp.experts.0.up_proj.weight", .f32, [2, 2], one),
      ("model.layers.0.mlp.experts.1.up_proj.weight", .f32, [2, 2], other),
      ("model.layers.1.mlp.experts.0.up_proj.weight", .f32, [2, 2], one),
      ("model.layers.1.mlp.experts.1.up_proj.weight", .f32, [2, 2], one),
    ])
    let matrix = LayerProducts(
      candidate: try set.anatomy(), foundation: try set.anatomy(), role: .upProj, workers: Workers(threads: 1)
    ).matrix(.cosine)
    let rounded = matrix.cells.map { $0.map { $0.map { ($0 * 1e9).rounded() / 1e9 } } }
    #expect(rounded == [[1, 0.5], [0.5, 1]] && matrix.role == "up_proj")
  }

  @Test("vectors and what lies outside of layers have no part in it")
  func vectors() throws {
    let set = TensorSet([
      ("model.embed_tokens.weight", .f32, [2, 2], [1, 2, 3, 4]), ("model.layers.0.input_layernorm.weight", .f32, [2], [1, 1]),
      ("model.layers.3.self_attn.q_proj.weight", .f32, [2, 2], [1, 2, 3, 4]),
    ])
    let matrix = LayerProducts(candidate: try set.anatomy(), foundation: try set.anatomy(), workers: Workers(threads: 1))
      .matrix(.cosine)
    #expect(matrix.candidateLayers == [0, 3] && matrix.cells == [[nil, nil], [nil, 1]])
  }

  @Test("the matrix is equal to the last bit for any number of threads")
  func threads() throws {
    var random = SeededGenerator(10)
    var (a, b) = (TensorSet(), TensorSet())
    for layer in 0..<2 {
      a.add("layers.\(layer).w.weight", [300, 1000], from: &random)
      b.add("layers.\(layer).w.weight", [300, 1000], from: &random)
    }
    let (candidate, foundation) = (try a.anatomy(), try b.anatomy())
    let matrices = [1, 2, 4, 9].map {
      LayerProducts(candidate: candidate, foundation: foundation, workers: Workers(threads: $0)).matrix(.centred)
    }
    #expect(matrices.nonEmptyAllSatisfy { $0 == matrices[0] }, "\(random)")
  }
}
