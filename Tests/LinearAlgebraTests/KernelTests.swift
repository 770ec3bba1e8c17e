import CKernels
import ElementTypes
import TestKit
import Testing

/// Every instruction set that this machine has, on the same data.
@Suite("Kernels of all instruction sets")
struct KernelTests {
  static let sets = (0..<Int32(CK_ISA_COUNT)).filter { ck_isa_runs($0) != 0 }
  static let types: [(ElementType, Int32)] = [
    (.f32, Int32(CK_F32)), (.f16, Int32(CK_F16)), (.bf16, Int32(CK_BF16)),
  ]

  @Test("the pair sums are the same bits", arguments: [0, 1, 31, 255, 256, 257, 4_000, Int(CK_BLOCK)])
  func pairs(count: Int) {
    var random = SeededGenerator(UInt64(count))
    for (typeA, kindA) in Self.types {
      for (typeB, kindB) in Self.types {
        let (a, b) = (tame(typeA, count, &random), tame(typeB, count, &random))
        for exact: Int32 in [0, 1] {
          let results = Self.sets.map { set in
            var sums = ck_pair_sums()
            unsafe a.withUnsafeBytes { a in
              unsafe b.withUnsafeBytes { b in
                unsafe ck_pair_block_on(set, exact, kindA, a.baseAddress, kindB, b.baseAddress, Int64(count), &sums)
              }
            }
            return bits(sums)
          }
          #expect(Set(results).count == 1, "\(typeA) × \(typeB), \(random)")
        }
      }
    }
  }

  @Test("the pair sums of doubles are the same bits", arguments: [0, 1, 15, 16, 17, 1_000])
  func doubles(count: Int) {
    var random = SeededGenerator(UInt64(count))
    let a = (0..<count).map { _ in random.normal() }, b = (0..<count).map { _ in random.normal() }
    let results = Self.sets.map { set in
      var sums = ck_pair_sums()
      unsafe ck_pair_block_f64_on(set, a, b, Int64(count), &sums)
      return bits(sums)
    }
    #expect(Set(results).count == 1, "\(random)")
  }

  @Test("the moments are the same bits", arguments: [0, 1, 7, 8, 9, 1_000])
  func moments(count: Int) {
    var random = SeededGenerator(UInt64(count))
    let values = (0..<count).map { $0 % 13 == 5 ? .nan : random.normal() }
    let results = Self.sets.map { set in
      var m = ck_moments()
      unsafe ck_moments_block_on(set, values, Int64(count), &m)
      return [m.mean, m.m2, m.m3, m.m4, m.minimum, m.maximum].map(\.bitPattern) + [UInt64(m.finite), UInt64(m.nan)]
    }
    #expect(Set(results).count == 1, "\(random)")
  }

  @Test("all f16 codes widen to the same numbers")
  func halves() {
    let codes = (0...UInt16.max).map { $0 }
    let results = Self.sets.map { set in
      var values = [Float](repeating: 0, count: codes.count)
      unsafe ck_widen_f32_on(set, Int32(CK_F16), codes, Int64(codes.count), &values)
      return values.map { $0.isNaN ? 1 : $0.bitPattern }
    }
    #expect(Set(results).count == 1)
  }

  @Test("all codes of a byte widen to the same numbers", arguments: Int32(CK_U8)...Int32(CK_E5M2_FNUZ))
  func bytes(kind: Int32) {
    let codes = (0...255).map { UInt8($0) }
    let results = Self.sets.map { set in
      var values = [Float](repeating: 0, count: 256)
      unsafe ck_widen_bytes_on(set, kind, codes, 251, &values)
      return values.map { $0.isNaN ? 1 : $0.bitPattern }
    }
    #expect(Set(results).count == 1)
  }

  private func bits(_ s: ck_pair_sums) -> [UInt64] {
    [s.ab, s.aa, s.bb, s.dd, s.a, s.b].map(\.bitPattern)
      + [s.equal, s.omitted, s.non_finite_a, s.non_finite_b].map { UInt64(bitPattern: $0) }
  }
}
