import ElementTypes
import LinearAlgebra
import Testing

@Suite struct RoundedCountTests {
  private func bytes(_ values: [Float], _ type: ElementType) -> [UInt8] {
    switch type {
    case .bf16:
      values.flatMap { value in
        // By the integer's arithmetic: what lies behind the sixteenth bit, and half of it.
        let (high, low) = (value.bitPattern >> 16, value.bitPattern & 0xFFFF)
        let rounded = high + (low > 0x8000 || (low == 0x8000 && high & 1 == 1) ? 1 : 0)
        return [UInt8(truncatingIfNeeded: rounded), UInt8(truncatingIfNeeded: rounded >> 8)]
      }
    case .f16:
      values.flatMap { value in
        let bits = Float16(value).bitPattern
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
      }
    default: values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    }
  }

  private func count(_ values: [Float], _ type: ElementType, changed: [Float]? = nil) -> Int {
    let (fine, coarse) = (bytes(values, .f32), bytes(changed ?? values, type))
    // Safe: bytes have no invalid patterns.
    return unsafe roundedCount(fine.span.bytes, .f32, coarse.span.bytes, type, from: 0, count: values.count)
  }

  /// Numbers of all sizes, the ties among them, and those that f16 holds as subnormals.
  private let values: [Float] = {
    var values: [Float] = [
      0, -0.0, 1, -1, 0x1p-14, 0x1.002p0, 0x1.006p0, 0x1.01p0, 0x1.03p0, 0x1p-24, 0x1p-25, 0x1.8p-24, -0x3p-25,
    ]
    for exponent in -20...10 {
      for step in 0..<331 {
        values.append(Float(sign: step % 2 == 0 ? .plus : .minus, exponent: exponent, significand: 1 + Float(step) / 331))
      }
    }
    return values
  }()

  @Test("every number is its own rounding, in all types", arguments: [ElementType.bf16, .f16, .f32])
  func all(type: ElementType) {
    let found = count(values, type)
    #expect(found == values.count)
  }

  @Test(
    "a number that is off by one last place of the coarse type is none",
    arguments: [(ElementType.bf16, Float(0x1p-7)), (.f16, 0x1p-10)])
  func off(type: ElementType, place: Float) {
    let found = count([1.3, 1.4, 1.5], type, changed: [1.3, 1.4 + place, 1.5])
    #expect(found == 2)
  }

  @Test("a NaN is nobody's rounding")
  func nan() {
    let found = count([.nan, 1], .f32)
    #expect(found == 1)
  }
}
