import ElementTypes
import ModelAnatomy
import Safetensors
import TestKit
import Testing

@testable import WeightSimilarity

/// A mixture of which a few experts are looked at: the same ones whatever was done to hide them.
@Suite struct LeadingExpertsTests {
  private let width = 8

  /// One layer whose expert e has e + 1 for every number of its up_proj, in `order`.
  private func model(router: [[Float]], gain: [Float], order: [Int], isShared: Bool = false) throws -> Anatomy {
    var set = TensorSet()
    let mlp = "model.layers.0.mlp"
    set.add("model.layers.0.post_attention_layernorm.weight", .f32, [width], gain)
    if !router.isEmpty { set.add("\(mlp).gate.weight", .f32, [order.count, width], order.flatMap { router[$0] }) }
    func add(_ name: String, _ value: Float) {
      for part in ["gate_proj", "up_proj", "down_proj"] {
        set.add("\(mlp).\(name).\(part).weight", .f32, [width, width], Array(repeating: value, count: width * width))
      }
    }
    for (place, expert) in order.enumerated() { add("experts.\(place)", Float(expert + 1)) }
    if isShared { add("shared_expert", 99) }
    return try set.anatomy()
  }

  /// The experts that are looked at, by what `model` wrote into them.
  private func chosen(_ anatomy: Anatomy, _ most: Int) -> Set<Int> {
    Set(NeuronMatrices.all(of: anatomy, experts: most).map { Int($0.up.read(0..<1, 0..<1)[0]) - 1 })
  }

  @Test("another order, another basis, one more vector for all and folded gains leave them the same", arguments: 1...5)
  func masks(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let experts = 12
    let router = (0..<experts).map { _ in (0..<width).map { _ in Float(random.normal()) } }
    let gain = (0..<width).map { _ in Float(1 + 0.3 * random.normal()) }
    let plain = try model(router: router, gain: gain, order: Array(0..<experts))
    let expected = chosen(plain, 3)
    #expect(expected.count == 3)
    // A rotation of pairs of channels, after the gains were folded and a vector was added to every row.
    let vector = (0..<width).map { _ in Float(random.normal()) }
    let (c, s) = (Float(0.6), Float(0.8))
    let masked = router.map { row -> [Float] in
      let folded = (0..<width).map { (row[$0] + vector[$0]) * gain[$0] }
      return (0..<width).map { $0 % 2 == 0 ? c * folded[$0] - s * folded[$0 + 1] : s * folded[$0 - 1] + c * folded[$0] }
    }
    let order = (0..<experts).shuffled(using: &random)
    let hidden = try model(router: masked, gain: Array(repeating: 1, count: width), order: order)
    #expect(chosen(hidden, 3) == expected, "seed \(seed)")
  }

  @Test("without a router the first are taken, and what all tokens pass is always one of them")
  func others() throws {
    let plain = try model(router: [], gain: Array(repeating: 1, count: width), order: Array(0..<5))
    #expect(chosen(plain, 2) == [0, 1] && chosen(plain, 9) == [0, 1, 2, 3, 4])
    let shared = try model(router: [], gain: Array(repeating: 1, count: width), order: Array(0..<5), isShared: true)
    let found = NeuronMatrices.all(of: shared, experts: 2)
    #expect(Set(found.map(\.expert)).isSuperset(of: [0, 1]) && found.count <= 3)
  }
}
