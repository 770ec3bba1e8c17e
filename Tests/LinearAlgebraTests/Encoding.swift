import ElementTypes
import TestKit

/// A tensor of `count` components whose values are ordinary weights, as well as the type can.
func tame(_ type: ElementType, _ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
  switch type {
  case .f16, .bf16, .f32, .c64, .f64: encode((0..<count).map { _ in 0.02 * random.normal() }, type)
  case .bool, .u8, .i8, .f4, .f6E2M3, .f6E3M2: random.bytes((count * type.componentBits + 7) / 8)
  // Without the exponents that hold NaN, infinities and squares beyond f32.
  case .f8E8M0: random.bytes(count).map { 107 + $0 % 40 }
  case .f8E5M2, .f8E4M3, .f8E5M2FNUZ, .f8E4M3FNUZ: random.bytes(count).map { $0 & 0xBF | 1 }
  default:
    (0..<count).flatMap { _ in
      let n = Int64(1_000 * random.normal())
      let code = type == .u16 || type == .u32 || type == .u64 ? abs(n) : n
      return (0..<Int64(type.bits / 8)).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) }
    }
  }
}

/// Numbers as a floating-point type of 16 bits and more stores them.
func encode(_ values: [Double], _ type: ElementType) -> [UInt8] {
  func bytes<T: FixedWidthInteger>(_ code: T) -> [UInt8] {
    (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: code >> T(8 * $0)) }
  }
  return values.flatMap { value in
    switch type {
    case .f16: bytes(Float16(value).bitPattern)
    case .bf16: bytes(UInt16(truncatingIfNeeded: Float(value).bitPattern >> 16))
    case .f32, .c64: bytes(Float(value).bitPattern)
    case .f64: bytes(value.bitPattern)
    default: preconditionFailure("\(type) is not encoded here")
    }
  }
}

/// The numbers in `bytes`, all or `count` from `first`.
func decode(_ bytes: [UInt8], _ type: ElementType, from first: Int = 0, count: Int? = nil) -> [Double] {
  var values = [Double](repeating: 0, count: count ?? bytes.count * 8 / type.componentBits - first)
  var destination = values.mutableSpan
  unsafe widen(bytes.span.bytes, as: type, from: first, count: destination.count, into: &destination)
  return values
}
