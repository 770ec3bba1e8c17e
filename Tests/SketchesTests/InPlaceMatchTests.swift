import RealModule
import TestKit
import Testing
import WeightSimilarity

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
    "p-values of fresh strangers are uniform in each of the tests, and not smaller than uniform ones in both (Kolmogorov–Smirnov)"
  )
  func uniformity() {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let draws = 600
    var (inOrder, mapped, both): ([Double], [Double], [Double]) = ([], [], [])
    for draw in 0..<draws {
      let bias = [0.5, 0.6, 0.8][draw % 3]
      let repeats: Double? = draw % 4 == 0 ? 0.3 : nil
      let known = DrawnPart.part(layers: 4, bias: bias, repeats: repeats, &random)
      let candidate = DrawnPart.part(layers: 2 + draw % 5, bias: bias, repeats: repeats, &random)
      let tests = InPlaceTests(SignPairing(candidate, known))
      inOrder.append(RowShiftTest(tests.inOrder)?.log10P ?? 0)
      mapped.append(RowShiftTest(tests.mapped)?.log10P ?? 0)
      both.append(InPlaceMatch(candidate: candidate, known: known)?.log10P ?? 0)
    }
    // A distance above 2.2 is seen once in eight thousand; that of smaller values alone above 2.1 once in seven thousand.
    for (name, values) in [("in order", inOrder), ("mapped", mapped)] {
      let (smaller, larger) = distances(values)
      #expect(max(smaller, larger) < 2.2, "\(name): \(smaller), \(larger), \(random)")
    }
    #expect(distances(both).smaller < 2.1, "\(distances(both).smaller), \(random)")
  }

  /// √n times the largest distance of the distribution of p-values above that of uniform ones, and below it.
  private func distances(_ log10P: [Double]) -> (smaller: Double, larger: Double) {
    let sorted = log10P.map { Double.pow(10, $0) }.sorted()
    let count = Double(sorted.count)
    let above = sorted.indices.map { Double($0 + 1) / count - sorted[$0] }.max() ?? 0
    let below = sorted.indices.map { sorted[$0] - Double($0) / count }.max() ?? 0
    return (above * count.squareRoot(), below * count.squareRoot())
  }

  @Test("sketches of a deep part have fewer signs, and are compared with those of a shallow one by the signs that both have")
  func depths() throws {
    #expect(SketchRule.columns(matrices: 42) == 32 && SketchRule.columns(matrices: 224) == 12)
    #expect(SketchRule.columns(matrices: 5_000) == SketchRule.leastColumns)
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let known = DrawnPart.part(layers: 6, &random)
    let candidate = DrawnPart.derived(from: known, layers: [0, 1, 2, 3, 4, 5], turned: 0.1, &random)
    let weights = candidate.weights.map {
      WeightSketch(
        role: $0.role, layer: $0.layer, rows: $0.rows, columns: $0.columns, signs: $0.signs.map { $0 & 0xFFF }, hash: [])
    }
    let narrow = PartSketch(name: "x", layers: 6, parameters: 1, columns: 12, weights: weights, neurons: nil)
    let read = try #require(PartSketch(record: narrow.record, neurons: nil))
    #expect(read.weights == narrow.weights && read.record == narrow.record)
    let match = try #require(InPlaceMatch(candidate: read, known: known))
    #expect(match.log10P < -6 && abs(match.excess - 0.8) < 0.1, "\(random)")
    #expect(CompactSigns(read).score(CompactSigns(candidate)) == CompactSigns(candidate).score(CompactSigns(candidate)))
  }

  @Test(
    "copies with turned signs are found, and their layers mapped",
    arguments: [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 2, 3, 4, 5], [3, 1, 5], [5]])
  func found(layers: [Int]) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let known = DrawnPart.part(layers: 6, &random)
    let candidate = DrawnPart.derived(from: known, layers: layers, turned: 0.2, &random)
    let match = try #require(InPlaceMatch(candidate: candidate, known: known))
    // A single layer has few rows, so that its p-value scatters.
    #expect(match.log10P < (layers.count == 1 ? -4 : -6), "\(random)")
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
