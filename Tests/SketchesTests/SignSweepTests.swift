import RealModule
import TestKit
import Testing

@testable import Sketches

@Suite struct SignSweepTests {
  /// The score as its definition says, bit by bit.
  private func score(_ own: CompactSigns, _ other: CompactSigns) -> Double {
    var diagonals: [Int: (excess: Int, bits: Int)] = [:]
    var best: [Double] = []
    for i in 0..<own.layers {
      var highest = -Double.infinity
      for j in 0..<other.layers {
        var (excess, bits) = (0, 0)
        for slot in 0..<8 where own.slots[i] & other.slots[j] & (1 << UInt8(slot)) != 0 {
          for bit in 0..<16 {
            let place = UInt64(16 * (slot % 4) + bit)
            let isEqual = (own.words[2 * i + slot / 4] ^ other.words[2 * j + slot / 4]) >> place & 1 == 0
            excess += isEqual ? 1 : -1
            bits += 1
          }
        }
        guard bits > 0 else { continue }
        diagonals[i - j, default: (0, 0)].excess += excess
        diagonals[i - j, default: (0, 0)].bits += bits
        highest = max(highest, Double(excess) / Double(bits).squareRoot())
      }
      if highest.isFinite { best.append(highest) }
    }
    guard !best.isEmpty else { return 0 }
    let inOrder = diagonals.values.map { Double($0.excess) / Double($0.bits).squareRoot() }.reduce(0, max)
    let expected = other.layers < 2 ? 0 : (2 * Double.log(Double(other.layers))).squareRoot() * 0.75
    let mean = best.reduce(0, +) / Double(best.count)
    return max(inOrder, (mean - expected) * Double(best.count).squareRoot() / 0.6)
  }

  @Test("the kernel gives the score of the definition, for equal and for different slots", arguments: [true, false])
  func definition(isUniform: Bool) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    for _ in 0..<40 {
      let parts = (0..<2).map { _ -> CompactSigns in
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...40, using: &random) {
          bytes.append(isUniform ? 0x7F : UInt8.random(in: 0...255, using: &random))
          for _ in 0..<16 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
        }
        return CompactSigns(bytes: bytes)
          ?? CompactSigns(PartSketch(name: "", layers: 0, parameters: 0, weights: [], neurons: nil))
      }
      #expect(abs(parts[0].score(parts[1]) - score(parts[0], parts[1])) < 1e-9, "\(random)")
      var sweep = SignSweep(parts[0])
      let swept = unsafe parts[1].bytes.withUnsafeBytes { unsafe sweep.score($0) }
      #expect(swept == parts[0].score(parts[1]))
    }
  }

  @Test("bytes that are no compact signs have no score, and a part without layers has the score 0")
  func nothing() {
    var random = SeededGenerator(3)
    let part = CompactSigns(DrawnPart.part(layers: 2, &random))
    var sweep = SignSweep(part)
    let wrong = [UInt8](repeating: 1, count: 16)
    #expect(unsafe wrong.withUnsafeBytes { unsafe sweep.score($0) } == nil)
    let none: [UInt8] = []
    #expect(unsafe none.withUnsafeBytes { unsafe sweep.score($0) } == 0)
  }

  @Test("a table gives the scores of layers at equal distances from either end, bit by bit", arguments: [true, false])
  func aligned(isUniform: Bool) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let parts = try (0..<30).map { _ -> CompactSigns in
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        bytes.append(isUniform ? 0x7F : UInt8.random(in: 0...255, using: &random))
        for _ in 0..<16 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
      }
      return try #require(CompactSigns(bytes: bytes))
    }
    let table = SignTable(parts)
    for own in [0, 7, 29] {
      let scores = table.scores(of: own)
      for other in parts.indices {
        #expect(abs(scores[other] - aligned(parts[own], parts[other])) < 1e-9, "\(random)")
      }
    }
  }

  private func aligned(_ own: CompactSigns, _ other: CompactSigns) -> Double {
    let pairs = min(own.layers, other.layers)
    var best = 0.0
    for (i, j) in [(0, 0), (own.layers - pairs, other.layers - pairs)] {
      for range in [0..<pairs, 0..<pairs / 2, pairs / 2..<pairs] {
        var (excess, bits) = (0, 0)
        for k in range {
          for bit in 0..<128 where own.slots[i + k] & other.slots[j + k] & (1 << UInt8(bit / 16)) != 0 {
            let difference = own.words[2 * (i + k) + bit / 64] ^ other.words[2 * (j + k) + bit / 64]
            excess += difference >> UInt64(bit % 64) & 1 == 0 ? 1 : -1
            bits += 1
          }
        }
        if bits > 0 { best = max(best, Double(excess) / Double(bits).squareRoot()) }
      }
    }
    return best
  }
}
