/// One of the 22 ways in which a safetensors file stores a number.
///
/// ```swift
/// let type = ElementType(name: "BF16")!
/// type.bits                        // 16
/// type.byteCount(of: 1_024)        // 2048
/// ElementType.f4.byteCount(of: 3)  // nil: three 4-bit numbers do not fill whole bytes
/// ```
///
/// The case order is the reverse of the order in which the reference writer sorts tensors (narrow first). A type gives the
/// encoding of numbers, not their meaning: an `I32` may hold eight packed 4-bit weights.
///
/// Source: safetensors 0.8.0, `Dtype`; the OCP 8-bit and microscaling formats for F8, F6 and F4.
package enum ElementType: UInt8, Sendable, Hashable, CaseIterable {
  case bool, f4, f6E2M3, f6E3M2, u8, i8, f8E5M2, f8E4M3, f8E8M0, f8E4M3FNUZ, f8E5M2FNUZ
  case i16, u16, f16, bf16, i32, u32, f32, c64, f64, i64, u64

  /// The type with this name in a header, such as `"BF16"` (case-sensitive), or nil when there is none.
  package init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The name in headers.
  package var name: String {
    switch self {
    case .bool: "BOOL"
    case .f4: "F4"
    case .f6E2M3: "F6_E2M3"
    case .f6E3M2: "F6_E3M2"
    case .u8: "U8"
    case .i8: "I8"
    case .f8E5M2: "F8_E5M2"
    case .f8E4M3: "F8_E4M3"
    case .f8E8M0: "F8_E8M0"
    case .f8E4M3FNUZ: "F8_E4M3FNUZ"
    case .f8E5M2FNUZ: "F8_E5M2FNUZ"
    case .i16: "I16"
    case .u16: "U16"
    case .f16: "F16"
    case .bf16: "BF16"
    case .i32: "I32"
    case .u32: "U32"
    case .f32: "F32"
    case .c64: "C64"
    case .f64: "F64"
    case .i64: "I64"
    case .u64: "U64"
    }
  }

  /// Bits of one element in a file: 4 to 64.
  package var bits: Int {
    switch self {
    case .f4: 4
    case .f6E2M3, .f6E3M2: 6
    case .bool, .u8, .i8, .f8E5M2, .f8E4M3, .f8E8M0, .f8E4M3FNUZ, .f8E5M2FNUZ: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// True for the types that hold real or complex numbers with a fraction, as weights do.
  package var isFloatingPoint: Bool {
    switch self {
    case .bool, .u8, .i8, .i16, .u16, .i32, .u32, .i64, .u64: false
    default: true
    }
  }

  /// The bytes of `count` consecutive elements, or nil when they do not fill whole bytes or the product overflows.
  package func byteCount(of count: Int) -> Int? {
    let (total, overflow) = count.multipliedReportingOverflow(by: bits)
    return overflow || total % 8 != 0 ? nil : total / 8
  }
}
