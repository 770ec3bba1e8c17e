internal import CKernels

/// Writes `count` numbers of a tensor to `values` from index `start` on, as `Float`; inexact numbers are rounded to nearest.
///
/// ```swift
/// var values = [Float](repeating: 0, count: 1_024)
/// var destination = values.mutableSpan
/// widen(bytes, as: .bf16, from: 4_096, count: 1_024, into: &destination)
/// ```
///
/// `bytes` is the whole tensor, at any alignment. `first` and `count` are in components: the elements of every type but
/// `C64`, which has two per element (real part, imaginary part). F4 has the lower index in the low nibble, F6 is a
/// little-endian stream of bits, a BOOL byte other than 0 is 1. Exact for every type for which
/// ``ElementType/isExactInFloat`` is true; an `F64` beyond the range becomes an infinity.
///
/// Stops the program when the numbers are not all inside `bytes`, or `values` is too short. O(`count`).
package func widen(
  _ bytes: RawSpan, as type: ElementType, from first: Int, count: Int, into values: inout MutableSpan<Float>, at start: Int = 0
) {
  precondition(start >= 0 && count <= values.count - start, "the destination is too short")
  let run = ComponentRun(of: bytes, as: type, from: first, count: count)
  guard count > 0 else { return }
  switch type {
  case .f32, .c64, .f16, .bf16:
    // Safe: `run` lies inside `bytes`, and `values` has room for `count`.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_widen_f32(type.kernelType, from + run.firstByte, Int64(count), to + start)
      }
    }
  case .u8, .i8, .f8E4M3, .f8E5M2, .f8E4M3FNUZ, .f8E5M2FNUZ:
    // Safe: as above.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_widen_bytes(type.kernelType, from + run.firstByte, Int64(count), to + start)
      }
    }
  case .i16: convert(run, of: bytes, from: Int16.self, into: &values, at: start) { Float($0) }
  case .u16: convert(run, of: bytes, from: UInt16.self, into: &values, at: start) { Float($0) }
  case .i32: convert(run, of: bytes, from: Int32.self, into: &values, at: start) { Float($0) }
  case .u32: convert(run, of: bytes, from: UInt32.self, into: &values, at: start) { Float($0) }
  case .f64: convert(run, of: bytes, from: UInt64.self, into: &values, at: start) { Float(Double(bitPattern: $0)) }
  case .i64: convert(run, of: bytes, from: Int64.self, into: &values, at: start) { Float($0) }
  case .u64: convert(run, of: bytes, from: UInt64.self, into: &values, at: start) { Float($0) }
  default: look(up: run, of: bytes, as: type, into: &values, at: start) { $0 }
  }
}

/// Writes `count` numbers of a tensor to `values` from index `start` on, as `Double`.
///
/// Works like ``widen(_:as:from:count:into:at:)`` into `Float`. Exact for all types except `I64` and `U64`, which are rounded to
/// nearest.
package func widen(
  _ bytes: RawSpan, as type: ElementType, from first: Int, count: Int, into values: inout MutableSpan<Double>, at start: Int = 0
) {
  precondition(start >= 0 && count <= values.count - start, "the destination is too short")
  let run = ComponentRun(of: bytes, as: type, from: first, count: count)
  guard count > 0 else { return }
  switch type {
  case .f32, .c64, .f16, .bf16:
    // Safe: `run` lies inside `bytes`, and `values` has room for `count`.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_widen_f64(type.kernelType, from + run.firstByte, Int64(count), to + start)
      }
    }
  case .i16: convert(run, of: bytes, from: Int16.self, into: &values, at: start) { Double($0) }
  case .u16: convert(run, of: bytes, from: UInt16.self, into: &values, at: start) { Double($0) }
  case .i32: convert(run, of: bytes, from: Int32.self, into: &values, at: start) { Double($0) }
  case .u32: convert(run, of: bytes, from: UInt32.self, into: &values, at: start) { Double($0) }
  case .f64: convert(run, of: bytes, from: UInt64.self, into: &values, at: start) { Double(bitPattern: $0) }
  case .i64: convert(run, of: bytes, from: Int64.self, into: &values, at: start) { Double($0) }
  case .u64: convert(run, of: bytes, from: UInt64.self, into: &values, at: start) { Double($0) }
  default: look(up: run, of: bytes, as: type, into: &values, at: start) { Double($0) }
  }
}

extension ElementType {
  /// The number of the type in the C kernels; only for types that they read.
  fileprivate var kernelType: Int32 {
    switch self {
    case .f32, .c64: Int32(CK_F32)
    case .f16: Int32(CK_F16)
    case .bf16: Int32(CK_BF16)
    case .u8: Int32(CK_U8)
    case .i8: Int32(CK_I8)
    case .f8E4M3: Int32(CK_E4M3)
    case .f8E5M2: Int32(CK_E5M2)
    case .f8E4M3FNUZ: Int32(CK_E4M3_FNUZ)
    case .f8E5M2FNUZ: Int32(CK_E5M2_FNUZ)
    default: preconditionFailure("\(name) has no kernel")
    }
  }
}

/// Widens whole-byte numbers one at a time; the loop is vectorised.
@inline(__always)
private func convert<Stored: BitwiseCopyable, Value>(
  _ run: ComponentRun, of bytes: RawSpan, from stored: Stored.Type, into values: inout MutableSpan<Value>, at start: Int,
  _ value: (Stored) -> Value
) {
  for i in 0..<run.count {
    // Safe: `run` lies inside `bytes`, and integers have no invalid patterns.
    let offset = run.firstByte + i * MemoryLayout<Stored>.size
    values[start + i] = value(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Stored.self))
  }
}

/// Looks up numbers of at most eight bits.
@inline(__always)
private func look<Value>(
  up run: ComponentRun, of bytes: RawSpan, as type: ElementType, into values: inout MutableSpan<Value>, at start: Int,
  _ value: (Float) -> Value
) {
  let table = type.codeTable
  // Safe: `run` lies inside `bytes`; the second byte of a code is read only when the code reaches into it.
  switch type.bits {
  case 8:
    for i in 0..<run.count {
      values[start + i] = value(table[Int(unsafe bytes.unsafeLoad(fromByteOffset: run.firstByte + i, as: UInt8.self))])
    }
  case let width:
    let mask = 1 << width - 1
    for i in 0..<run.count {
      let bit = run.firstBit + i * width
      let (byte, shift) = (bit >> 3, bit & 7)
      var code = Int(unsafe bytes.unsafeLoad(fromByteOffset: byte, as: UInt8.self)) >> shift
      if shift + width > 8 { code |= Int(unsafe bytes.unsafeLoad(fromByteOffset: byte + 1, as: UInt8.self)) << (8 - shift) }
      values[start + i] = value(table[code & mask])
    }
  }
}

extension ElementType {
  /// The value of each code; only for types with at most eight bits.
  fileprivate var codeTable: [Float] {
    switch self {
    case .bool: CodeTables.bool
    case .u8: CodeTables.u8
    case .i8: CodeTables.i8
    case .f8E5M2: CodeTables.f8E5M2
    case .f8E4M3: CodeTables.f8E4M3
    case .f8E8M0: CodeTables.f8E8M0
    case .f8E4M3FNUZ: CodeTables.f8E4M3FNUZ
    case .f8E5M2FNUZ: CodeTables.f8E5M2FNUZ
    case .f6E2M3: CodeTables.f6E2M3
    case .f6E3M2: CodeTables.f6E3M2
    case .f4: CodeTables.f4
    default: preconditionFailure("\(name) has more than eight bits")
    }
  }
}
