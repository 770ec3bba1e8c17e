import CKernels
import ElementTypes
import LinearAlgebra
import TestKit
import Testing

@Suite("Blocks of bf16")
struct BF16BlockTests {
  private func normals(_ count: Int, _ random: inout SeededGenerator) -> [Double] { (0..<count).map { _ in random.normal() } }

  /// A block of some numbers of the rows, each of which is read a byte off its alignment.
  private func block(_ rows: [[UInt8]], _ numbers: Range<Int>, next: Int = 0, into block: inout BF16Block) {
    var stored = StoredRows()
    fill(rows[...], numbers, next, &stored, &block)
  }

  private func fill(
    _ rows: ArraySlice<[UInt8]>, _ numbers: Range<Int>, _ next: Int, _ stored: inout StoredRows, _ block: inout BF16Block
  ) {
    guard let row = rows.first else { return block.fill(from: stored, 0..<rows.startIndex, numbers: numbers, next: next) }
    let shifted = [0] + row
    // Safe: bytes have no invalid values.
    let bytes = unsafe shifted.span.bytes.extracting(1..<shifted.count)
    stored.adding(bytes, as: .bf16) { fill(rows.dropFirst(), numbers, next, &$0, &block) }
  }

  private func block(_ rows: [[UInt8]], _ numbers: Range<Int>) -> BF16Block {
    var found = BF16Block()
    block(rows, numbers, into: &found)
    return found
  }

  private func plain(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(
    "products, sums and squares are those of a plain loop, whatever the sides",
    arguments: [(1, 1, 1), (2, 7, 31), (4, 6, 32), (5, 13, 65), (22, 22, 257), (3, 9, 2_048), (4, 1, 96)])
  func products(m: Int, n: Int, columns: Int) {
    var random = SeededGenerator(71)
    let numbers = 3..<3 + columns
    let (a, b) = (
      (0..<m).map { _ in encode(normals(columns + 5, &random), .bf16) },
      (0..<n).map { _ in encode(normals(columns + 5, &random), .bf16) }
    )
    let (x, y) = (
      a.map { decode($0, .bf16, from: 3, count: columns) }, b.map { decode($0, .bf16, from: 3, count: columns) }
    )
    let (left, right) = (block(a, numbers), block(b, numbers))
    var sums = [Double](repeating: 0.5, count: m * n)
    left.addProducts(with: right, to: &sums)
    #expect(left.isSound && left.rows == m && left.columns == columns)
    for i in 0..<m {
      #expect(abs(left.sums[i] - x[i].reduce(0, +)) < 1e-6 * Double(columns), "\(random)")
      #expect(abs(left.squares[i] - plain(x[i], x[i])) < 1e-6 * Double(columns), "\(random)")
      for j in 0..<n {
        // What the documentation promises for any data.
        let bound = 8e-6 * plain(x[i].map { abs($0) }, y[j].map { abs($0) })
        #expect(abs(sums[i * n + j] - 0.5 - plain(x[i], y[j])) <= bound, "\(random), \(i), \(j)")
      }
    }
  }

  @Test("a block filled again with less is as good as a new one")
  func reused() {
    var random = SeededGenerator(72)
    let rows = (0..<9).map { _ in encode(normals(2_048, &random), .bf16) }
    var old = block(rows, 0..<2_048)
    block(Array(rows[..<3]), 7..<40, next: 33, into: &old)
    let new = block(Array(rows[..<3]), 7..<40)
    var (sums, expected) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 9))
    old.addProducts(with: old, to: &sums)
    new.addProducts(with: new, to: &expected)
    #expect(sums == expected && old.squares == new.squares && old.sums == new.sums)
  }

  @Test(
    "what single precision does not hold is told", arguments: [Double.nan, .infinity, -.infinity, 0x1p70, 0x1p-70, 0x1p-130, 0])
  func unsound(value: Double) {
    let rows = [[1, 2], [value, value], [3, 4]].map { encode($0, .bf16) }
    #expect(!block(rows, 0..<2).isSound && block([rows[0], rows[2]], 0..<2).isSound)
  }

  @Test("an infinity among thousands of numbers is told wherever it stands", arguments: [0, 1, 33, 63, 64, 1_999])
  func infinity(place: Int) {
    var random = SeededGenerator(73)
    var values = normals(2_000, &random)
    values[place] = -.infinity
    #expect(!block([encode(values, .bf16)], 0..<2_000).isSound, "\(random)")
  }

  @Test("numbers beyond the shortest row, and rows of another type, stop the program")
  func refused() async {
    await #expect(processExitsWith: .failure) {
      let bytes: [UInt8] = [0, 0, 1, 1]
      var stored = StoredRows()
      var block = BF16Block()
      // Safe: as above.
      unsafe stored.adding(bytes.span.bytes, as: .bf16) { block.fill(from: $0, 0..<1, numbers: 0..<3) }
    }
    await #expect(processExitsWith: .failure) {
      let bytes: [UInt8] = [0, 0, 1, 1]
      var stored = StoredRows()
      var block = BF16Block()
      // Safe: as above.
      unsafe stored.adding(bytes.span.bytes, as: .f16) { block.fill(from: $0, 0..<1, numbers: 0..<2) }
    }
  }

  @Test("all instruction sets give the same bits", arguments: [1, 6, 23])
  func sameBits(rows: Int) {
    var random = SeededGenerator(74)
    // The last row has zeros and what is forty binades below the others, which no sum shows.
    let bytes = (0..<rows).flatMap { row in
      encode(normals(2_001, &random).map { row == 22 ? ($0 > 1 ? 0 : $0 * 0x1p-40) : $0 }, .bf16)
    }
    let stride = 2_080
    var found: [[Double]] = []
    for set in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(set) != 0 {
      var values = [UInt16](repeating: 0xffff, count: rows * stride)
      var sums = [Double](repeating: 0, count: rows * (rows + 2))
      // Safe: `rows` rows of 2001 numbers, and room for each with zeros up to 2048.
      unsafe bytes.withUnsafeBytes { source in
        unsafe values.withUnsafeMutableBufferPointer { target in
          unsafe sums.withUnsafeMutableBufferPointer { out in
            guard let from = source.baseAddress, let to = target.baseAddress, let sums = out.baseAddress else { return }
            for row in 0..<rows {
              unsafe ck_copy_bf16_on(set, from + 4_002 * row, 2_001, 0, to + stride * row, sums + rows * rows + 2 * row)
            }
            var a = unsafe ck_bf16_rows(values: to, count: Int64(rows), stride: Int64(stride))
            var b = unsafe a
            unsafe ck_products_bf16_on(set, &a, &b, 2_016, sums, nil)
          }
        }
      }
      found.append(sums)
    }
    #expect(found.nonEmptyAllSatisfy { $0 == found[0] } && found[0].nonEmptyAllSatisfy { $0 != 0 }, "\(random)")
  }
}
