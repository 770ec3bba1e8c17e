import ElementTypes
import LinearAlgebra
import TestKit
import Testing

@Suite("The pair pass")
struct PairSumsTests {
  @Test("agrees with a plain loop for every pair of types, odd starts and alignments", arguments: ElementType.allCases)
  func everyPair(typeA: ElementType) {
    for typeB in ElementType.allCases {
      var random = SeededGenerator(UInt64(typeA.rawValue) * 100 + UInt64(typeB.rawValue))
      let (a, b) = (tame(typeA, 720, &random), tame(typeB, 720, &random))
      for (firstA, firstB, count) in [(0, 0, 720), (1, 3, 513), (5, 2, 256), (7, 7, 17), (4, 0, 1), (3, 3, 0)] {
        let plain = PlainSums(
          decode(a, typeA, from: firstA, count: count), decode(b, typeB, from: firstB, count: count))
        let aligned = sums(a, typeA, b, typeB, count: count, from: firstA, firstB)
        #expect(plain.agree(with: aligned), "\(typeA) × \(typeB) from \(firstA), \(firstB): \(random)")
        let moved = sums([9] + a, typeA, [9, 9, 9] + b, typeB, count: count, from: firstA, firstB, skipping: (1, 3))
        #expect(moved == aligned, "\(typeA) × \(typeB), moved: \(random)")
      }
    }
  }

  @Test("agrees with a plain loop on any bytes at all", arguments: ElementType.allCases)
  func anyBytes(typeA: ElementType) {
    for typeB in ElementType.allCases {
      var random = SeededGenerator(UInt64(typeA.rawValue) * 100 + UInt64(typeB.rawValue) + 5_000)
      let (a, b) = (random.bytes(40 * typeA.componentBits), random.bytes(40 * typeB.componentBits))
      let pass = sums(a, typeA, b, typeB, count: 320)
      let plain = PlainSums(decode(a, typeA), decode(b, typeB))
      #expect(plain.agree(with: pass), "\(typeA) × \(typeB): \(random)")
    }
  }

  static let streamed: [ElementType] = [.f32, .f16, .bf16]

  @Test("cosines are within 1e-6 of f64 over several blocks and an odd rest", arguments: streamed, streamed)
  func accuracy(typeA: ElementType, typeB: ElementType) throws {
    var random = SeededGenerator(11)
    let values = (0..<2 * pairBlock + 777).map { _ in 0.02 * random.normal() }
    for mean in [0, 0.002, 0.02, 1] {
      let a = encode(values.map { $0 + mean }, typeA)
      let b = encode(values.map { 0.8 * ($0 + mean) + 0.01 * random.normal() }, typeB)
      let plain = PlainSums(decode(a, typeA), decode(b, typeB))
      let pass = sums(a, typeA, b, typeB, count: values.count)
      let cosine = try #require(pass.cosine), centred = try #require(pass.centredCosine), l2 = try #require(pass.relativeL2)
      #expect(abs(cosine - plain.cosine) < 1e-7, "\(random)")
      #expect(abs(centred - plain.centredCosine) < 2e-7, "mean \(mean): \(random)")
      #expect(abs(l2 - (plain.dd / plain.aa).squareRoot()) < 1e-7, "\(random)")
    }
  }

  @Test("constants, whose roundings all fall the same way, stay within the bound", arguments: streamed)
  func constants(type: ElementType) throws {
    for (x, y) in [(0.1, 0.3), (1 / 3.0, -1 / 7.0), (0.7, 0.7), (1e-3, 123.4)] {
      let count = 2 * pairBlock + 100
      // Signs that alternate keep the mean at zero, so that single precision is used.
      let a = encode((0..<count).map { $0 % 2 == 0 ? x : -x }, type)
      let b = encode((0..<count).map { $0 % 2 == 0 ? y : -y }, type)
      let plain = PlainSums(decode(a, type), decode(b, type))
      let pass = sums(a, type, b, type, count: count)
      #expect(plain.agree(with: pass, within: 1e-6))
      #expect(abs(try #require(pass.cosine) - plain.cosine) < 1e-6)
    }
  }

  @Test("a tiny difference keeps its precision", arguments: [ElementType.f32, .bf16, .f64])
  func smallDifference(type: ElementType) throws {
    var random = SeededGenerator(12)
    let values = (0..<10_000).map { _ in random.normal() }
    let a = encode(values, type)
    // One number in a thousand moved a little.
    let b = encode(decode(a, type).enumerated().map { $0 % 1_000 == 7 ? $1 * 1.015625 : $1 }, type)
    let plain = PlainSums(decode(a, type), decode(b, type))
    let pass = sums(a, type, b, type, count: values.count)
    #expect(pass.equal == 9_990)
    #expect(isClose(pass.dd, plain.dd, within: 1e-6), "\(random)")
  }

  @Test("a tensor against itself is equal, at distance zero, cosine 1", arguments: ElementType.allCases)
  func itself(type: ElementType) throws {
    var random = SeededGenerator(UInt64(type.rawValue))
    let a = tame(type, 800, &random)
    let pass = sums(a, type, a, type, count: 800)
    #expect(pass.equal == 800 && pass.dd == 0 && pass.equalShare == 1)
    let cosine = try #require(pass.cosine), ratio = try #require(pass.normRatio)
    #expect(isClose(cosine, 1, within: 1e-15) && ratio == 1, "\(random)")
  }

  @Test("NaN and infinities are left out and counted on their side", arguments: streamed + [.f64], streamed + [.f64])
  func nonFinite(typeA: ElementType, typeB: ElementType) throws {
    var random = SeededGenerator(13)
    var (x, y) = ((0..<20_000).map { _ in random.normal() }, (0..<20_000).map { _ in random.normal() })
    x[3] = .nan
    x[8_192] = .infinity
    y[8_192] = -.infinity
    y[19_999] = .nan
    let (a, b) = (encode(x, typeA), encode(y, typeB))
    let pass = sums(a, typeA, b, typeB, count: x.count)
    #expect(PlainSums(decode(a, typeA), decode(b, typeB)).agree(with: pass), "\(random)")
    #expect(pass.omitted == 3 && pass.nonFiniteA == 2 && pass.nonFiniteB == 2)
    #expect(pass.cosine != nil)
  }

  @Test(
    "huge, tiny and subnormal numbers are summed exactly",
    arguments: [(ElementType.f32, 1e38), (.f32, 1e-38), (.f32, 1e-44), (.bf16, 3e38), (.bf16, 1e-39), (.f16, 6e4), (.f16, 6e-8)])
  func range(type: ElementType, size: Double) throws {
    var random = SeededGenerator(14)
    let a = encode((0..<9_000).map { _ in size * (random.uniform() - 0.5) * 2 }, type)
    let b = encode((0..<9_000).map { _ in size * (random.uniform() - 0.5) * 2 }, type)
    let plain = PlainSums(decode(a, type), decode(b, type))
    let pass = sums(a, type, b, type, count: 9_000)
    // f16 never leaves the range of f32, so it keeps to single precision.
    #expect(plain.agree(with: pass, within: type == .f16 ? 5e-7 : 1e-13), "\(random)")
  }

  @Test("+0 equals −0")
  func signedZero() {
    for type in Self.streamed + [.f64] {
      let pass = sums(encode([0, -0.0, 1], type), type, encode([-0.0, 0, 1], type), type, count: 3)
      #expect(pass.equal == 3)
    }
  }

  @Test("zeros have no cosine, and constants no centred one")
  func undefined() {
    let zeros = [UInt8](repeating: 0, count: 60_000), ones = encode([Double](repeating: 1, count: 30_000), .bf16)
    let none = sums(zeros, .bf16, zeros, .bf16, count: 30_000)
    #expect(none.cosine == nil && none.centredCosine == nil && none.relativeL2 == nil && none.normRatio == nil)
    #expect(none.equalShare == 1 && none.equal == 30_000)
    let half = sums(ones, .bf16, zeros, .bf16, count: 30_000)
    #expect(half.cosine == nil && half.relativeL2 == 1 && half.normRatio == 0 && half.equal == 0)
    let constant = sums(ones, .bf16, ones, .bf16, count: 30_000)
    #expect(constant.cosine == 1 && constant.centredCosine == nil)
    let thirds = encode([Double](repeating: 1 / 3.0, count: 30_001), .f32)
    let third = sums(thirds, .f32, thirds, .f32, count: 30_001)
    #expect(third.centredCosine == nil && third.cosine != nil)
    let nothing = PairSums()
    #expect(nothing.equalShare == nil && nothing.cosine == nil && nothing.centredCosine == nil)
  }

  @Test("sums of F64 beyond the range make the cosine undefined")
  func overflow() {
    let a = encode([1e200, 1], .f64)
    let pass = sums(a, .f64, a, .f64, count: 2)
    #expect(pass.cosine == nil && pass.relativeL2 == nil && pass.equal == 2)
  }

  @Test("a run cut at multiples of the block has the same sums, to the bit, however it is grouped", arguments: streamed, streamed)
  func chunks(typeA: ElementType, typeB: ElementType) {
    var random = SeededGenerator(15)
    let count = 5 * pairBlock + 123
    let (a, b) = (tame(typeA, count, &random), tame(typeB, count, &random))
    let whole = sums(a, typeA, b, typeB, count: count)
    for blocks in [1, 2, 3] {
      let parts = stride(from: 0, to: count, by: blocks * pairBlock).map {
        sums(a, typeA, b, typeB, count: min(blocks * pairBlock, count - $0), from: $0, $0)
      }
      let forwards = parts.reduce(PairSums(), +), backwards = parts.reversed().reduce(PairSums(), +)
      #expect(forwards == whole && backwards == whole, "\(random)")
    }
  }

  @Test("C64 counts real and imaginary parts")
  func complex() {
    var random = SeededGenerator(16)
    let a = tame(.f32, 400, &random)
    #expect(sums(a, .c64, a, .f32, count: 400) == sums(a, .f32, a, .f32, count: 400))
  }

  @Test("a run that leaves its tensor stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) { _ = sums([0, 0], .bf16, [0, 0, 0, 0], .bf16, count: 2) }
    await #expect(processExitsWith: .failure) { _ = sums([0, 0], .bf16, [0, 0], .bf16, count: 1, from: 0, 1) }
  }
}
