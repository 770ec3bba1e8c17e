internal import CKernels

/// A block format of ggml, the library whose files are GGUF: a fixed count of numbers in a fixed count of bytes, with their scales.
///
/// ```swift
/// BlockType(name: "Q4_K")  // .q4K
/// BlockType.q4K.numbers    // 256
/// BlockType.q4K.bytes      // 144
/// BlockType.q4K.decode(bytes, blocks: 0..<4, into: &values, at: 0)  // 1,024 numbers
/// ```
///
/// The numbers are those of ggml's reference in every bit. The layouts are in `Sources/CKernels/blocks.h`. Source: ggml, and its
/// Python package gguf 0.19.0, from which the test vectors come; see <doc:Formats>.
package enum BlockType: Int32, Sendable, CaseIterable {
  case q4_0, q4_1, q5_0, q5_1, q8_0, q8_1
  case q2K, q3K, q4K, q5K, q6K, q8K
  case iq2XXS, iq2XS, iq2S, iq3XXS, iq3S, iq1S, iq1M, iq4NL, iq4XS
  case tq1_0, tq2_0, mxfp4, nvfp4, q1_0

  /// The name in ggml, also in reports.
  package var name: StaticString {
    switch self {
    case .q4_0: "Q4_0"
    case .q4_1: "Q4_1"
    case .q5_0: "Q5_0"
    case .q5_1: "Q5_1"
    case .q8_0: "Q8_0"
    case .q8_1: "Q8_1"
    case .q2K: "Q2_K"
    case .q3K: "Q3_K"
    case .q4K: "Q4_K"
    case .q5K: "Q5_K"
    case .q6K: "Q6_K"
    case .q8K: "Q8_K"
    case .iq2XXS: "IQ2_XXS"
    case .iq2XS: "IQ2_XS"
    case .iq2S: "IQ2_S"
    case .iq3XXS: "IQ3_XXS"
    case .iq3S: "IQ3_S"
    case .iq1S: "IQ1_S"
    case .iq1M: "IQ1_M"
    case .iq4NL: "IQ4_NL"
    case .iq4XS: "IQ4_XS"
    case .tq1_0: "TQ1_0"
    case .tq2_0: "TQ2_0"
    case .mxfp4: "MXFP4"
    case .nvfp4: "NVFP4"
    case .q1_0: "Q1_0"
    }
  }

  /// The format with this name, or nil.
  package init?(name: String) {
    guard let found = Self.byName[name] else { return nil }
    self = found
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0.name)", $0) })

  /// Numbers in a block.
  package var numbers: Int { Int(ck_block_numbers(rawValue)) }
  /// Bytes of a block.
  package var bytes: Int { Int(ck_block_bytes(rawValue)) }

  /// Writes the numbers of `blocks`, counted from the first byte of `bytes`, to `values` from index `start` on.
  ///
  /// Stops the program when the blocks are not all inside `bytes`, or `values` is too short. O(numbers).
  package func decode(_ bytes: RawSpan, blocks: Range<Int>, into values: inout MutableSpan<Float>, at start: Int) {
    precondition(blocks.lowerBound >= 0 && blocks.upperBound <= bytes.byteCount / self.bytes, "blocks beyond the bytes")
    precondition(start >= 0 && blocks.count <= (values.count - start) / numbers, "the destination is too short")
    guard !blocks.isEmpty else { return }
    // Safe: both ranges were just checked.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_blocks(rawValue, from + blocks.lowerBound * self.bytes, Int64(blocks.count), to + start)
      }
    }
  }

  /// Writes the numbers `range`, counted from the first number of `bytes`, to `values` from index `start` on. They need not begin
  /// or end at a block.
  package func decode(_ bytes: RawSpan, numbers range: Range<Int>, into values: inout MutableSpan<Float>, at start: Int) {
    var number = range.lowerBound
    if number % numbers != 0 {
      let end = min((number / numbers + 1) * numbers, range.upperBound)
      part(of: bytes, number..<end, into: &values, at: start)
      number = end
    }
    let whole = number / numbers..<number / numbers + (range.upperBound - number) / numbers
    decode(bytes, blocks: whole, into: &values, at: start + number - range.lowerBound)
    number += whole.count * numbers
    if number < range.upperBound {
      part(of: bytes, number..<range.upperBound, into: &values, at: start + number - range.lowerBound)
    }
  }

  /// Some numbers of one block.
  private func part(of bytes: RawSpan, _ range: Range<Int>, into values: inout MutableSpan<Float>, at start: Int) {
    let block = range.lowerBound / numbers
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: numbers) { buffer in
      // Zeroed, because a span requires initialised memory.
      unsafe buffer.initialize(repeating: 0)
      var scratch = unsafe buffer.mutableSpan
      decode(bytes, blocks: block..<block + 1, into: &scratch, at: 0)
      for number in range { values[start + number - range.lowerBound] = scratch[number - block * numbers] }
    }
  }
}
