import Records
import TestKit
import Testing

@testable import Lineage
@testable import MergeAnalysis
@testable import WeightSimilarity

/// Mixtures of seeded models, as inner products that are summed here in f64.
@Suite struct MixtureTests {
  private static let layers = 4
  private static let elements = 2000
  private typealias Model = [[Double]]

  /// Every number rounded to bf16, as merges are stored.
  private func stored(_ model: Model) -> Model {
    model.map { $0.map { Double(Float(bitPattern: (Float($0).bitPattern &+ 0x8000) & 0xFFFF_0000)) } }
  }

  private func fresh(_ random: inout SeededGenerator, _ level: Double = 1) -> Model {
    (0..<Self.layers).map { _ in (0..<Self.elements).map { _ in level * random.normal() } }
  }

  /// Σ of factors times models; a factor may depend on the layer.
  private func sum(_ parts: [(Model, (Int) -> Double)]) -> Model {
    (0..<Self.layers).map { layer in
      (0..<Self.elements).map { i in parts.reduce(0) { $0 + $1.1(layer) * $1.0[layer][i] } }
    }
  }

  private func tuned(_ model: Model, _ random: inout SeededGenerator, _ level: Double = 0.06) -> Model {
    stored(sum([(model, { _ in 1 }), (fresh(&random, level), { _ in 1 })]))
  }

  private func find(_ models: [Model], rounding: Double? = 0.3925 * 0x1p-8, foundations: Set<Int>? = nil) -> [Mixture] {
    let matrices = (0..<Self.layers).map { layer in
      GramMatrix(
        layer: layer, role: "up_proj", expert: nil, elements: Self.elements, models: Array(models.indices),
        products: models.flatMap { a in models.map { b in zip(a[layer], b[layer]).reduce(0) { $0 + $1.0 * $1.1 } } },
        sums: models.map { $0[layer].reduce(0, +) }, isFinite: models.map { _ in true }, isMatrix: true,
        roundings: models.map { _ in rounding })
    }
    return Mixture.find(in: matrices, models: models.count, foundations: foundations)
  }

  private func near(_ mixture: Mixture, _ expected: [(Int, Double)], _ comment: Comment) {
    #expect(mixture.parents.map(\.model) == expected.map(\.0), comment)
    for (parent, share) in zip(mixture.parents, expected) { #expect(abs(parent.share - share.1) < 0.02, comment) }
  }

  @Test("a linear merge of two children of one base has their shares, and they and the base are no mixtures")
  func linear() throws {
    var random = SeededGenerator(201)
    let base = stored(fresh(&random))
    let (a, b) = (tuned(base, &random), tuned(base, &random))
    let found = find([base, a, b, stored(sum([(a, { _ in 0.6 }), (b, { _ in 0.4 })])), stored(fresh(&random))])
    #expect(found.map(\.candidate) == [3], "\(random)")
    near(found[0], [(1, 0.6), (2, 0.4)], "\(random)")
    #expect(found[0].kind == .linear && found[0].isExact && found[0].layers.count == Self.layers)
  }

  @Test("the base of task vectors is found although two tunes leave hardly more than rounding", arguments: [0.016, 0.06])
  func smallBase(level: Double) throws {
    var random = SeededGenerator(220)
    let base = stored(fresh(&random))
    let (a, b) = (tuned(base, &random, level), tuned(base, &random, level))
    let merged = stored(sum([(base, { _ in -0.2 }), (a, { _ in 0.5 }), (b, { _ in 0.7 })]))
    let found = find([base, a, b, merged])
    #expect(found.map(\.candidate) == [3] && found.first?.base == 0, "\(random): \(found)")
    near(found[0], [(2, 0.7 / 1.2), (1, 0.5 / 1.2)], "\(random)")
  }

  @Test("the base of a merge is no merge of the models that were tuned from it")
  func baseOfTunes() {
    func mixture(_ candidate: Int, _ parents: [Int], base: Int?, explained: Double) -> Mixture {
      Mixture(
        candidate: candidate, parents: parents.map { .init(model: $0, share: 1 / Double(parents.count)) }, base: base,
        kind: .taskVectors, layers: [], residual: 0, isExact: true,
        recipe: MergeRecipe(
          methods: [.ram], base: base, equalToBase: nil, parts: [], parameter: nil, elements: 1_000, explained: explained,
          explainedByFewer: 0, explainedByImpostor: 0, log10P: -100, type: "BF16"))
    }
    let right = mixture(4, [1, 2, 3], base: 0, explained: 1)
    let found = Mixture.withoutCycles([mixture(0, [2, 3], base: 1, explained: 0.99), right])
    #expect(found == [right])
  }

  @Test("shares may change from layer to layer")
  func gradient() throws {
    var random = SeededGenerator(202)
    let base = stored(fresh(&random))
    let (a, b) = (tuned(base, &random), tuned(base, &random))
    let found = find([base, a, b, stored(sum([(a, { 0.3 + 0.2 * Double($0) }), (b, { 0.7 - 0.2 * Double($0) })]))])
    #expect(found.map(\.candidate) == [3], "\(random)")
    near(found[0], [(1, 0.6), (2, 0.4)], "\(random)")
    for (layer, shares) in found[0].layers.enumerated() { #expect(abs(shares.shares[0] - 0.3 - 0.2 * Double(layer)) < 0.02) }
  }

  @Test("an arc between parents that are far apart is told from a line")
  func spherical() throws {
    var random = SeededGenerator(203)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let found = find([a, b, stored(sum([(a, { _ in 0.8 }), (b, { _ in 0.6 })]))])
    #expect(found.map(\.candidate) == [2] && found.first?.kind == .spherical, "\(random)")
    near(found[0], [(0, 0.8 / 1.4), (1, 0.6 / 1.4)], "\(random)")
  }

  @Test("layers from strangers are a passthrough, whole layers of relatives are no evidence")
  func passthrough() throws {
    var random = SeededGenerator(204)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let found = find([a, b, Array(a[..<3] + b[3...])])
    #expect(found.map(\.candidate) == [2] && found.first?.kind == .passthrough, "\(random)")
    near(found[0], [(0, 0.75), (1, 0.25)], "\(random)")
    #expect(found[0].layers.map { $0.shares[0].rounded() } == [1, 1, 1, 0])
    // A base whose children have different layers frozen is made of their layers, and not made from them.
    let (low, high) = (tuned(a, &random), tuned(a, &random))
    #expect(find([a, Array(low[..<2] + a[2...]), Array(a[..<2] + high[2...])]).isEmpty, "\(random)")
  }

  @Test("task vectors on a base are found with three parents, and with factors whose sum is above 1")
  func taskVectors() throws {
    var random = SeededGenerator(205)
    let base = stored(fresh(&random))
    let (a, b) = (tuned(base, &random), tuned(base, &random))
    let weak = stored(sum([(base, { _ in 0.3 }), (a, { _ in 0.5 }), (b, { _ in 0.2 })]))
    let strong = stored(sum([(base, { _ in -0.5 }), (a, { _ in 0.8 }), (b, { _ in 0.7 })]))
    let found = find([base, a, b, weak])
    #expect(found.map(\.candidate) == [3], "\(random)")
    near(found[0], [(1, 0.5), (0, 0.3), (2, 0.2)], "\(random)")
    let above = find([base, a, b, strong])
    #expect(above.map(\.candidate) == [3] && above.first?.kind == .taskVectors && above.first?.base == 0, "\(random)")
    near(above[0], [(1, 0.8 / 1.5), (2, 0.7 / 1.5)], "\(random)")
  }

  @Test("what lies near a line between two relatives is none: a step of a training, a sibling of like direction")
  func steps() throws {
    var random = SeededGenerator(206)
    let base = stored(fresh(&random))
    let first = tuned(base, &random, 0.05)
    let second = tuned(first, &random, 0.05)
    let like = stored(sum([(base, { _ in 0.5 }), (second, { _ in 0.5 }), (fresh(&random, 0.02), { _ in 1 })]))
    #expect(find([base, first, second, like]).isEmpty, "\(random)")
  }

  @Test("a merge of strangers that was tuned afterwards keeps its shares, and says what was changed")
  func tunedAfterwards() throws {
    var random = SeededGenerator(207)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let sibling = tuned(a, &random)
    let merged = tuned(sum([(a, { _ in 0.7 }), (b, { _ in 0.3 })]), &random)
    let found = find([a, b, sibling, merged])
    #expect(found.map(\.candidate) == [3], "\(random)")
    near(found[0], [(0, 0.7), (1, 0.3)], "\(random)")
    #expect(!found[0].isExact && abs(found[0].residual - 0.06 / 0.58.squareRoot()) < 0.01, "\(random)")
  }

  @Test(
    "codes have no rounding to be held against, so a quantised model is no candidate; foundations alone are parents where given")
  func limits() throws {
    var random = SeededGenerator(208)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let merged = stored(sum([(a, { _ in 0.6 }), (b, { _ in 0.4 })]))
    #expect(find([a, b, merged], rounding: nil).isEmpty)
    #expect(find([a, b, merged], foundations: [0]).isEmpty && find([a, b, merged], foundations: [0, 1]).count == 1)
  }

  @Test("of equal models one is a parent, and an equal of the mixture is the same mixture once")
  func equals() throws {
    var random = SeededGenerator(209)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let merged = stored(sum([(a, { _ in 0.6 }), (b, { _ in 0.4 })]))
    let found = find([a, b, a, merged, merged])
    #expect(found.map(\.candidate) == [3], "\(random)")
    near(found[0], [(0, 0.6), (1, 0.4)], "\(random)")
  }

  @Test("a mixture comes back from its record to the bit, and a record that is cut is none")
  func records() throws {
    var random = SeededGenerator(210)
    let (a, b) = (stored(fresh(&random)), stored(fresh(&random)))
    let found = find([a, b, stored(sum([(a, { _ in 0.6 }), (b, { _ in 0.4 })]))])
    var record = RecordWriter()
    try #require(found.first).write(to: &record)
    func mixture(_ bytes: some Sequence<UInt8>, models: Int) -> Mixture? {
      var reader = RecordReader(Array(bytes))
      return Mixture(from: &reader, models: models)
    }
    #expect(mixture(record.bytes, models: 3) == found[0] && mixture(record.bytes, models: 2) == nil)
    for count in record.bytes.indices { #expect(mixture(record.bytes.prefix(count), models: 3) == nil) }
  }
}
