import CKernels
import TestKit
import Testing

/// Every instruction set that this machine has, on the same codes.
@Suite struct InstructionSetTests {
  static let sets = (0..<Int32(CK_ISA_COUNT)).filter { ck_isa_runs($0) != 0 }

  @Test("streams, scales and words are the same bits on all of them", arguments: [1, 2, 3, 4, 5, 8])
  func sameBits(bits: Int) {
    var random = SeededGenerator(UInt64(bits))
    let codes = random.bytes(64 * 64 * 4), zeros = random.bytes(4096)
    let scales = (0..<4096).map { _ in Float(random.normal()) }
    let groups = (0..<64).map { _ in UInt32.random(in: 0..<8, using: &random) }
    let results = Self.sets.map { set in
      var stream = [Float](repeating: 0, count: 700)
      unsafe ck_stream_on(set, Int32(bits), codes, Int64(codes.count), 13, 700, &stream)
      unsafe ck_scale_groups_on(set, &stream, 700, 5, 48, scales, Array(scales.reversed()))
      var found = stream.map(\.bitPattern)
      unsafe ck_affine_groups_on(set, &stream, 700, 5, 48, scales, Array(scales.reversed()))
      found += stream.map(\.bitPattern)
      for isAWQ in [0, 1] where isAWQ == 0 ? [2, 3, 4, 8].contains(bits) : bits == 4 {
        for hasGroups in [false, true] {
          var values = [Float](repeating: 0, count: 60 * 50)
          unsafe codes.withUnsafeBytes { codes in
            unsafe zeros.withUnsafeBytes { zeros in
              unsafe scales.withUnsafeBytes { scales in
                unsafe groups.withUnsafeBytes { groups in
                  unsafe values.withUnsafeMutableBufferPointer { values in
                    var matrix = unsafe ck_words(
                      codes: codes.baseAddress, zeros: zeros.baseAddress, scales: scales.baseAddress,
                      groups: hasGroups ? groups.baseAddress : nil, inputs: 64, outputs: 64, group: 8, group_count: 8,
                      bits: Int32(bits), is_awq: Int32(isAWQ), scale_type: Int32(CK_F32), zero_offset: 1)
                    var rectangle = unsafe ck_rectangle(
                      row: 3, rows: 60, column: 7, columns: 50, values: values.baseAddress, stride: 50)
                    unsafe ck_unpack_words_on(set, &matrix, &rectangle)
                  }
                }
              }
            }
          }
          found += values.map(\.bitPattern)
        }
      }
      return found
    }
    #expect(Set(results).count == 1, "\(random)")
  }

  @Test("blocks are the same bits on all of them", arguments: 0..<Int32(CK_BLOCK_FORMATS))
  func blocks(format: Int32) {
    var random = SeededGenerator(UInt64(format) + 1)
    let (numbers, size) = (Int(ck_block_numbers(format)), Int(ck_block_bytes(format)))
    // The high bits of an f16 are cleared everywhere: which NaN comes out of one is not defined.
    let bytes = random.bytes(16 * size).map { $0 & 0xBB }
    let results = Self.sets.map { set in
      var values = [Float](repeating: 0, count: 16 * numbers)
      unsafe ck_blocks_on(set, format, bytes, 16, &values)
      return values.map(\.bitPattern)
    }
    #expect(Set(results).count == 1, "\(random)")
  }
}
