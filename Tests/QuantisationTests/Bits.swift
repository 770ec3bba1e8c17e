import ElementTypes
import TestKit

/// Bits of a byte stream, little-endian, one at a time: slow and plain.
func code(_ bytes: [UInt8], bit: Int, width: Int) -> Int {
  (0..<width).reduce(0) { code, i in code | Int(bytes[(bit + i) / 8] >> UInt8((bit + i) % 8) & 1) << i }
}

/// The F32 bytes of numbers.
func bytes(_ values: [Float]) -> [UInt8] {
  values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) } }
}

/// The bytes of 32-bit integers.
func bytes(_ values: [Int32]) -> [UInt8] {
  values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * Int32($0))) } }
}

/// Rectangles that meet every kind of edge: all, single rows and columns, odd corners and sizes.
func rectangles(rows: Int, columns: Int, _ random: inout SeededGenerator) -> [(rows: Range<Int>, columns: Range<Int>)] {
  var found = [(0..<rows, 0..<columns), (rows - 1..<rows, 0..<columns), (0..<rows, columns - 1..<columns), (0..<0, 0..<0)]
  for _ in 0..<12 {
    let (a, b) = (Int.random(in: 0..<rows, using: &random), Int.random(in: 0..<columns, using: &random))
    found.append((a..<Int.random(in: a + 1...rows, using: &random), b..<Int.random(in: b + 1...columns, using: &random)))
  }
  return found
}
