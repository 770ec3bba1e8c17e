import ElementTypes
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct InPlacePassTests {
  private let values: [Float] = [1, -2, 0.5, 4, 0, -0.25, 8, 3]

  private func set(_ type: ElementType = .f32, _ values: [Float]? = nil) -> TensorSet {
    TensorSet([("layers.0.w", type, [2, 4], values ?? self.values), ("norm", type, [2], [1, 1])])
  }

  @Test("values that both types hold exactly are identical", arguments: [ElementType.f64, .f32, .f16, .bf16])
  func acrossTypes(type: ElementType) throws {
    for other in [ElementType.f64, .f32, .f16, .bf16] {
      let found = try set(type).similarity(to: set(other))
      #expect(found.isIdentical && found.coverage == 1)
      #expect(found.tensors.nonEmptyAllSatisfy { $0.equalShare == 1 && $0.relativeL2 == 0 && $0.normRatio == 1 })
    }
  }

  @Test("one element that differs in its last bit is enough not to be identical")
  func lastBit() throws {
    var changed = values
    changed[7] = changed[7].nextUp
    let found = try set(.f32, changed).similarity(to: set())
    #expect(!found.isIdentical && found.tensors.first { $0.candidate == "layers.0.w" }?.equalShare == 7.0 / 8.0)
  }

  @Test("+0 equals −0")
  func zero() throws {
    #expect(try set(.f32, values.map { $0 == 0 ? -0.0 : $0 }).similarity(to: set()).isIdentical)
  }

  @Test("a tensor that only one of them has keeps them from being identical, on either side")
  func surplus() throws {
    var more = set()
    more.add("layers.1.w", .f32, [1, 1], [0])
    #expect(try !more.similarity(to: set()).isIdentical)
    #expect(try !set().similarity(to: more).isIdentical)
  }

  @Test("a buffer that only one of them has does not matter")
  func buffer() throws {
    var more = set()
    more.add("layers.0.rotary_emb.inv_freq", .f32, [2], [1, 0.1])
    #expect(try more.similarity(to: set()).isIdentical)
    #expect(try set().similarity(to: more).isIdentical)
  }

  @Test("a longer table of tokens is not identical to its beginning")
  func table() throws {
    let table = { (rows: Int) in
      TensorSet([
        ("model.embed_tokens.weight", .f32, [rows, 2], (0..<2 * rows).map { Float($0) }),
        ("model.layers.0.self_attn.q_proj.weight", .f32, [1, 2], [1, 2]),
      ])
    }
    let found = try table(5).similarity(to: table(4))
    let tensor = try #require(found.tensors.first)
    #expect(!found.isIdentical && tensor.shape == [4, 2] && !tensor.isWhole)
    #expect(tensor.equalShare == 1 && found.coverage == 10.0 / 12.0)
  }

  @Test("two checkpoints of nothing are not called identical")
  func nothing() throws {
    let found = try TensorSet().similarity(to: TensorSet())
    #expect(!found.isIdentical && found.tensors.isEmpty && found.coverage == nil && found.overall.cosine == nil)
  }

  @Test("elements that are not finite are counted on their side, told of, and left out of every figure")
  func nonFinite() throws {
    var (a, b) = (values, values)
    a[0] = .nan
    a[1] = .infinity
    b[2] = -.infinity
    let found = try set(.f32, a).similarity(to: set(.f32, b))
    let tensor = try #require(found.tensors.first { $0.candidate == "layers.0.w" })
    #expect(tensor.nonFiniteCandidate == 2 && tensor.nonFiniteFoundation == 1)
    #expect(tensor.cosine == 1 && tensor.relativeL2 == 0 && tensor.equalShare == 1)
    #expect(!found.isIdentical)
    #expect(found.caveats == [.nonFiniteElements(3, tensors: 1, first: "layers.0.w")])
  }

  @Test("a NaN equals a NaN in the same place, and nothing else")
  func nan() throws {
    var (one, other) = (values, values)
    one[3] = .nan
    other[4] = .nan
    #expect(try set(.f32, one).similarity(to: set(.f16, one)).isIdentical)
    #expect(try !set(.f32, one).similarity(to: set(.f32, other)).isIdentical)
    #expect(try !set(.f32, one).similarity(to: set()).isIdentical)
  }

  @Test("of a tensor that is all NaN every figure is undefined, and that of the model remains")
  func allNaN() throws {
    let build = { (first: [Float]) in
      TensorSet([("layers.0.a.weight", .f32, [2, 4], first), ("layers.0.b.weight", .f32, [2, 4], self.values)])
    }
    let found = try build(Array(repeating: .nan, count: 8)).similarity(to: build(values))
    let broken = try #require(found.tensors.first { $0.role == "a" })
    #expect(broken.cosine == nil && broken.centredCosine == nil && broken.relativeL2 == nil && broken.normRatio == nil)
    #expect(broken.equalShare == nil && broken.nonFiniteCandidate == 8)
    #expect(found.overall.cosine == 1 && found.roles.first { $0.role == "a" }?.similarity.cosine == nil)
  }

  @Test("a tensor of zeros has no cosine; of two of them every element is equal")
  func zeros() throws {
    let none = [Float](repeating: 0, count: 8)
    let one = try #require(try set(.f32, none).similarity(to: set()).tensors.last)
    #expect(one.cosine == nil && one.relativeL2 == 1 && one.normRatio == 0)
    let other = try #require(try set().similarity(to: set(.f32, none)).tensors.last)
    #expect(other.cosine == nil && other.relativeL2 == nil && other.normRatio == nil)
    let both = try set(.f32, none).similarity(to: set(.f32, none))
    #expect(both.isIdentical && both.tensors.last?.cosine == nil && both.tensors.last?.equalShare == 1)
  }

  @Test("a constant has a cosine and no centred one")
  func constant() throws {
    let found = try #require(try set(.f32, Array(repeating: 3, count: 8)).similarity(to: set()).tensors.last)
    #expect(found.cosine != nil && found.centredCosine == nil)
  }

  @Test("gains and biases have no part in the figures of groups")
  func vectors() throws {
    let a = TensorSet([("layers.0.w.weight", .f32, [2, 2], [1, 0, 0, 1]), ("layers.0.norm.weight", .f32, [4], [1, 1, 1, 1])])
    let b = TensorSet([("layers.0.w.weight", .f32, [2, 2], [0, 1, 1, 0]), ("layers.0.norm.weight", .f32, [4], [1, 1, 1, 1])])
    let found = try a.similarity(to: b)
    #expect(found.overall.cosine == 0 && found.overall.parameters == 4 && found.layers[0].similarity.cosine == 0)
    #expect(found.roles.map(\.role) == ["w"] && found.tensors.count == 2 && found.coverage == 1)
  }

  @Test("means are weighted by parameters")
  func weighted() throws {
    let build = { (sign: Float) in
      TensorSet([
        ("layers.0.a.weight", .f32, [2, 2], [1, 2, 3, 4]),
        ("layers.0.b.weight", .f32, [2, 6], (1...12).map { sign * Float($0) }),
      ])
    }
    let found = try build(-1).similarity(to: build(1))
    #expect(found.overall.cosine == (4.0 * 1 + 12.0 * -1) / 16)
  }

  @Test("the result is equal to the last bit for one thread and for many")
  func threads() throws {
    var random = SeededGenerator(7)
    var (a, b) = (TensorSet(), TensorSet())
    for layer in 0..<2 {
      // More than one piece in the first tensor.
      a.add("layers.\(layer).w.weight", [layer == 0 ? 1100 : 50, 1000], from: &random)
      b.add("layers.\(layer).w.weight", [layer == 0 ? 1100 : 50, 1000], from: &random)
    }
    let pairing = try a.pairing(with: b)
    let all = (1...9).map { InPlacePass(pairing, workers: Workers(threads: $0)).run() }
    #expect(all.nonEmptyAllSatisfy { $0.tensors == all[0].tensors && $0.overall == all[0].overall }, "\(random)")
    #expect(all.nonEmptyAllSatisfy { $0.rowShift == all[0].rowShift && $0.isIdentical == all[0].isIdentical }, "\(random)")
  }
}
