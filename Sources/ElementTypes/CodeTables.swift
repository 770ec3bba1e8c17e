/// Values of all codes of the types with at most eight bits, indexed by the code.
enum CodeTables {
  static let bool = table { $0 == 0 ? 0 : 1 }
  static let u8 = table { Float($0) }
  static let i8 = table { Float(Int8(bitPattern: $0)) }
  static let f8E5M2 = table { minifloat($0, exponentBits: 5, fractionBits: 2, bias: 15, special: .ieee) }
  static let f8E4M3 = table { minifloat($0, exponentBits: 4, fractionBits: 3, bias: 7, special: .allOnesIsNaN) }
  static let f8E5M2FNUZ = table { minifloat($0, exponentBits: 5, fractionBits: 2, bias: 16, special: .negativeZeroIsNaN) }
  static let f8E4M3FNUZ = table { minifloat($0, exponentBits: 4, fractionBits: 3, bias: 8, special: .negativeZeroIsNaN) }
  static let f8E8M0 = table { $0 == 0xFF ? .nan : power(of2: Int($0) - 127) }
  static let f6E2M3 = table { minifloat($0 & 0x3F, exponentBits: 2, fractionBits: 3, bias: 1, special: .none) }
  static let f6E3M2 = table { minifloat($0 & 0x3F, exponentBits: 3, fractionBits: 2, bias: 3, special: .none) }
  static let f4 = table { minifloat($0 & 0x0F, exponentBits: 2, fractionBits: 1, bias: 1, special: .none) }

  /// The rule for codes that are not ordinary finite numbers.
  private enum Special { case none, ieee, allOnesIsNaN, negativeZeroIsNaN }

  private static func table(_ value: (UInt8) -> Float) -> [Float] { (0...255).map { value(UInt8($0)) } }

  private static func power(of2 exponent: Int) -> Float {
    // 2^-127 is subnormal; its exponent field is 0.
    exponent >= -126 ? Float(bitPattern: UInt32(exponent + 127) << 23) : Float(bitPattern: 1 << UInt32(exponent + 149))
  }

  /// Sign, exponent and fraction, from the highest bit down, with gradual underflow.
  private static func minifloat(
    _ code: UInt8, exponentBits: Int, fractionBits: Int, bias: Int, special: Special
  ) -> Float {
    let magnitude = Int(code) & (1 << (exponentBits + fractionBits) - 1)
    let negative = Int(code) >> (exponentBits + fractionBits) != 0
    let exponent = magnitude >> fractionBits
    let fraction = magnitude & (1 << fractionBits - 1)
    switch special {
    case .ieee where exponent == 1 << exponentBits - 1:
      return fraction != 0 ? .nan : negative ? -.infinity : .infinity
    case .allOnesIsNaN where magnitude == 1 << (exponentBits + fractionBits) - 1: return .nan
    case .negativeZeroIsNaN where negative && magnitude == 0: return .nan
    default: break
    }
    let significand = exponent == 0 ? fraction : fraction + 1 << fractionBits
    let value = Float(significand) * power(of2: max(exponent, 1) - bias - fractionBits)
    return negative ? -value : value
  }
}
