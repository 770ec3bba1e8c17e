import RealModule
import TestKit
import Testing

@testable import Sketches

@Suite struct InPlaceMatchTests {
  /// Strangers of several kinds: fair signs, mostly positive ones, and rows that have something in common, with equal or other numbers
  /// of layers.
  @Test("p-values of unrelated parts are not smaller than uniform ones", arguments: [0.5, 0.8])
  func validity(bias: Double) {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let draws = 600
    var values: [Double] = []
    for draw in 0..<draws {
      let layers = 2 + draw % 5
      let repeats: Double? = draw % 3 == 0 ? 0.3 : nil
      let candidate = DrawnPart.part(layers: layers, bias: bias, repeats: repeats, &random)
      let known = DrawnPart.part(layers: 4, bias: bias, repeats: repeats, &random)
      let match = InPlaceMatch(candidate: candidate, known: known)
      values.append(match?.log10P ?? 0)
    }
    // Below a level of a tenth, at most a tenth of the draws and four standard deviations of their number; and so on.
    for level in [0.1, 0.03, 0.01] {
      let below = values.count { $0 <= Double.log10(level) }
      let most = Double(draws) * level + 4 * (Double(draws) * level).squareRoot()
      #expect(Double(below) <= most, "\(below) of \(draws) below \(level), \(random)")
    }
    #expect(values.allSatisfy { $0 > -5 }, "\(random)")
    // A test that gives 1 to all would pass.
    #expect(values.contains { $0 < -0.3 }, "\(random)")
  }

  @Test(
    "copies with turned signs are found, and their layers mapped",
    arguments: [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 2, 3, 4, 5], [3, 1, 5], [5]])
  func found(layers: [Int]) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let known = DrawnPart.part(layers: 6, &random)
    let candidate = DrawnPart.derived(from: known, layers: layers, turned: 0.2, &random)
    let match = try #require(InPlaceMatch(candidate: candidate, known: known))
    #expect(match.log10P < -6, "\(random)")
    #expect(match.layers.map(\.origin) == layers, "\(random)")
    #expect(match.layers.count { $0.isMapped } == layers.count, "\(random)")
    #expect(match.mappedShare == 1)
    // A fifth of the signs turned is an excess of 0.6.
    #expect(abs(match.excess - 0.6) < 0.1, "\(random)")
  }

  @Test("a part of which half comes from a known one has half of its layers mapped")
  func half() throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let (known, other) = (DrawnPart.part(layers: 6, &random), DrawnPart.part(layers: 6, &random))
    let weights = known.weights.filter { ($0.layer ?? 0) < 3 } + other.weights.filter { ($0.layer ?? 0) >= 3 }
    let candidate = PartSketch(name: "x", layers: 6, parameters: 1, weights: weights, neurons: nil)
    let match = try #require(InPlaceMatch(candidate: candidate, known: known))
    #expect(match.log10P < -8)
    #expect(match.layers.map(\.isMapped) == [true, true, true, false, false, false], "\(random)")
  }

  @Test("parts without a matrix of one role and shape are not compared")
  func incomparable() {
    var random = SeededGenerator(1)
    let (a, b) = (DrawnPart.part(layers: 2, roles: ["q_proj"], &random), DrawnPart.part(layers: 2, roles: ["k_proj"], &random))
    #expect(InPlaceMatch(candidate: a, known: b) == nil)
  }

  @Test("a p-value is corrected for the number of known parts, and a small agreement is no kinship")
  func correction() throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let known = DrawnPart.part(layers: 6, &random)
    let match = try #require(
      InPlaceMatch(candidate: DrawnPart.derived(from: known, layers: [0, 1, 2, 3, 4, 5], turned: 0.3, &random), known: known))
    let few = SketchMatch(inPlace: match, neurons: nil, searched: 1)
    let many = SketchMatch(inPlace: match, neurons: nil, searched: 10_000)
    #expect(few.isKin)
    #expect(abs(many.log10P - few.log10P - 4) < 1e-9)
    var small = match
    small.excess = 0.01
    #expect(!SketchMatch(inPlace: small, neurons: nil, searched: 1).isKin)
  }

  @Test("compact signs rank a derived part before ten thousand others")
  func ranking() throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let known = DrawnPart.part(layers: 6, &random)
    let candidate = CompactSigns(DrawnPart.derived(from: known, layers: [0, 1, 2, 3, 2, 3, 4, 5], turned: 0.25, &random))
    let own = candidate.score(CompactSigns(known))
    let template = CompactSigns(known).bytes
    for _ in 0..<10_000 {
      // Random signs in the same slots.
      var bytes = template
      for i in bytes.indices where i % 17 != 0 { bytes[i] = UInt8.random(in: 0...255, using: &random) }
      let other = try #require(CompactSigns(bytes: bytes))
      try #require(candidate.score(other) < own, "\(random)")
    }
  }

  @Test("compact signs come back from their bytes, which stay below 4 KiB")
  func compact() {
    var random = SeededGenerator(7)
    let signs = CompactSigns(DrawnPart.part(layers: 300, &random))
    #expect(signs.bytes.count <= 4096)
    #expect(CompactSigns(bytes: signs.bytes) == signs)
    #expect(CompactSigns(bytes: [1, 2, 3]) == nil)
  }
}
