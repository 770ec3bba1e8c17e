import ElementTypes
import TestKit
import Testing

@Suite("Widening")
struct WideningTests {
  @Test("every f16 code has the value that Float16 gives it")
  func everyHalf() {
    let codes = (0...UInt16.max).map { $0 }
    let bytes = codes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let values = floats(bytes, .f16)
    let wrong = zip(codes, values).filter { code, value in
      let expected = Float(Float16(bitPattern: code))
      return value.bitPattern != expected.bitPattern && !(value.isNaN && expected.isNaN)
    }
    #expect(wrong.isEmpty)
  }

  @Test("a bf16 is the upper half of an f32")
  func everyBrainFloat() {
    let codes = (0...UInt16.max).map { $0 }
    let values = floats(codes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, .bf16)
    #expect(zip(codes, values).nonEmptyAllSatisfy { $1.bitPattern == UInt32($0) << 16 })
  }

  @Test(
    "eight-bit floats have the extremes of their definition",
    arguments: [
      (ElementType.f8E4M3, 448.0, 0x1p-9), (.f8E5M2, 57344, 0x1p-16), (.f8E4M3FNUZ, 240, 0x1p-10),
      (.f8E5M2FNUZ, 57344, 0x1p-17), (.f8E8M0, 0x1p127, 0x1p-127), (.f6E2M3, 7.5, 0.125), (.f6E3M2, 28, 0.0625), (.f4, 6, 0.5),
    ])
  func extremes(type: ElementType, largest: Double, smallest: Double) throws {
    let values = doubles((0...255).map { UInt8($0) }, type).filter(\.isFinite)
    #expect(values.max() == largest)
    #expect(values.filter { $0 > 0 }.min() == smallest)
    if type != .f8E8M0 { #expect(values.min() == -largest) }
  }

  @Test(
    "eight-bit floats have as many NaN and infinities as their definition says",
    arguments: [
      (ElementType.f8E4M3, 2, 0), (.f8E5M2, 6, 2), (.f8E4M3FNUZ, 1, 0), (.f8E5M2FNUZ, 1, 0), (.f8E8M0, 1, 0), (.f4, 0, 0),
      (.f6E2M3, 0, 0), (.f6E3M2, 0, 0),
    ])
  func specials(type: ElementType, nan: Int, infinite: Int) {
    let values = doubles((0...255).map { UInt8($0) }, type)
    #expect(values.count(where: \.isNaN) == nan)
    #expect(values.count(where: \.isInfinite) == infinite)
  }

  @Test("integers of 64 bits are rounded to nearest")
  func wideIntegers() {
    let numbers: [UInt64] = [0, 1, 1 << 53, 1 << 53 + 1, 1 << 53 + 3, .max, 1 << 63 + 1]
    let bytes = numbers.flatMap { n in (0..<8).map { UInt8(truncatingIfNeeded: n >> (8 * UInt64($0))) } }
    #expect(doubles(bytes, .u64) == numbers.map { Double($0) })
    #expect(doubles(bytes, .i64) == numbers.map { Double(Int64(bitPattern: $0)) })
    #expect(floats(bytes, .u64) == numbers.map { Float($0) })
  }

  @Test("a run from any start, at any alignment, has the values of the whole", arguments: ElementType.allCases)
  func runs(type: ElementType) {
    var random = SeededGenerator(UInt64(type.rawValue) + 7)
    let bytes = random.bytes(type.componentBits * 25)
    let whole = doubles(bytes, type)
    for first in [0, 1, 2, 3, 5, 17, 40, 63] {
      for count in [0, 1, 2, 15, 16, 17, 33, 100] {
        let part = doubles(bytes, type, from: first, count: count)
        #expect(isSame(part, Array(whole[first..<first + count])), "\(type) from \(first), \(count); \(random)")
        // The same bytes one further on in memory.
        let moved = doubles([0] + bytes, type, from: first, count: count, skipping: 1)
        #expect(isSame(moved, part), "\(type) moved, from \(first), \(count); \(random)")
      }
    }
  }

  @Test("Float and Double agree where Float is exact", arguments: ElementType.allCases.filter(\.isExactInFloat))
  func floatAgrees(type: ElementType) {
    var random = SeededGenerator(UInt64(type.rawValue) + 99)
    let bytes = random.bytes(type.componentBits * 40)
    #expect(isSame(floats(bytes, type).map { Double($0) }, doubles(bytes, type)), "\(random)")
  }

  @Test("a run can be put anywhere in its destination, and nothing else is touched", arguments: [ElementType.bf16, .u8, .i32])
  func places(type: ElementType) {
    let bytes = [UInt8](repeating: 0, count: 40 * type.bits / 8)
    var values = [Float](repeating: 7, count: 50)
    var destination = values.mutableSpan
    unsafe widen(bytes.span.bytes, as: type, from: 2, count: 17, into: &destination, at: 5)
    #expect((0..<50).nonEmptyAllSatisfy { values[$0] == (5..<22 ~= $0 ? 0 : 7) })
  }

  @Test("every code of eight bits is the same as Float and as Double", arguments: ElementType.allCases.filter { $0.bits <= 8 })
  func everyByte(type: ElementType) {
    let codes = (0...255).map { UInt8($0) }
    for length in [256, 243] {
      let (narrow, wide) = (floats(Array(codes[..<length]), type), doubles(Array(codes[..<length]), type))
      #expect(isSame(narrow.map { Double($0) }, wide))
      #expect(zip(narrow, wide).nonEmptyAllSatisfy { ($0.sign == $1.sign || $0.isNaN) })
    }
  }

  @Test("a run that leaves the tensor stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) { _ = doubles([1, 2, 3], .f4, from: 5, count: 2) }
    await #expect(processExitsWith: .failure) { _ = doubles([1, 2, 3], .u8, from: .max, count: 2) }
    await #expect(processExitsWith: .failure) { _ = doubles([1, 2, 3], .u8, from: -1, count: 2) }
  }
}

private func isSame(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { ulps($0, $1) == 0 }
}
