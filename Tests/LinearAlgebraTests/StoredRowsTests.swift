import CKernels
import ElementTypes
import LinearAlgebra
import TestKit
import Testing

@Suite("Rows read in place")
struct StoredRowsTests {
  private static let types: [ElementType] = [.f32, .f16, .bf16]

  private func normals(_ count: Int, _ random: inout SeededGenerator) -> [Double] { (0..<count).map { _ in random.normal() } }

  /// Brings the rows together, each a byte off its alignment, and adds their products.
  private func gram(
    _ rows: ArraySlice<[UInt8]>, _ type: ElementType, _ numbers: Range<Int>, _ stored: inout StoredRows,
    _ products: inout [Double],
    _ sums: inout [Double]
  ) -> Bool {
    guard let row = rows.first else { return stored.addGram(numbers, products: &products, sums: &sums) }
    let shifted = [0] + row
    // Safe: bytes have no invalid values.
    let bytes = unsafe shifted.span.bytes.extracting(1..<shifted.count)
    return stored.adding(bytes, as: type) { gram(rows.dropFirst(), type, numbers, &$0, &products, &sums) }
  }

  private func gram(_ rows: [[UInt8]], _ type: ElementType, _ numbers: Range<Int>) -> (products: [Double], sums: [Double])? {
    var stored = StoredRows()
    var (products, sums) = (
      [Double](repeating: 0.5, count: rows.count * rows.count), [Double](repeating: 0.25, count: rows.count)
    )
    let isDone = gram(rows[...], type, numbers, &stored, &products, &sums)
    if !isDone { #expect(products.nonEmptyAllSatisfy { $0 == 0.5 } && sums.nonEmptyAllSatisfy { $0 == 0.25 }) }
    return isDone ? (products, sums) : nil
  }

  @Test("products and sums are those of a plain loop, for any number of rows", arguments: Array(1...16), types)
  func products(count: Int, type: ElementType) throws {
    var random = SeededGenerator(61)
    for (first, columns) in [(0, 1), (3, 31), (1, 33), (0, 2_048), (5, 4_700)] {
      let rows = (0..<count).map { _ in encode(normals(first + columns + 2, &random), type) }
      let values = rows.map { decode($0, type, from: first, count: columns) }
      let found = try #require(gram(rows, type, first..<first + columns))
      for i in 0..<count {
        #expect(abs(found.sums[i] - 0.25 - values[i].reduce(0, +)) < 1e-6 * Double(columns + 10), "\(random)")
        for j in 0...i {
          let exact = zip(values[i], values[j]).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(found.products[i * count + j] - 0.5 - exact) < 1e-6 * Double(columns + 10), "\(random), \(i), \(j)")
        }
      }
    }
  }

  @Test("equal rows have equal products wherever they stand", arguments: types)
  func equalRows(type: ElementType) throws {
    var random = SeededGenerator(62)
    let row = encode(normals(3_000, &random), type)
    let found = try #require(gram(Array(repeating: row, count: 11), type, 0..<3_000))
    for i in 0..<11 {
      for j in 0...i { #expect(found.products[i * 11 + j] == found.products[0], "\(random)") }
    }
  }

  @Test("what f32 does not hold is refused, and nothing is added", arguments: [Double.nan, .infinity, 0x1p70, 0x1p-70])
  func refused(value: Double) {
    let rows = [[1, 2], [value, value], [3, 4]].map { encode($0, .f32) }
    #expect(gram(rows, .f32, 0..<2) == nil)
    #expect(gram([rows[0], rows[2]], .f32, 0..<2)?.products[2] == 11.5)
    #expect(gram([rows[0], encode([0, 0], .f32)], .f32, 0..<2) == nil)
  }

  @Test("after a call the row that it added is gone")
  func removed() {
    var random = SeededGenerator(63)
    let (long, short) = (encode(normals(40, &random), .f32), encode(normals(10, &random), .bf16))
    var stored = StoredRows()
    var (products, sums) = ([0.0], [0.0])
    _ = gram([short], .bf16, 0..<10, &stored, &products, &sums)
    // Neither its type nor its length is left.
    let isDone = gram([long], .f32, 0..<40, &stored, &products, &sums)
    #expect(isDone)
  }

  @Test("numbers beyond the shortest row stop the program")
  func outside() async {
    await #expect(processExitsWith: .failure) {
      let bytes: [UInt8] = [0, 0, 1, 1]
      var stored = StoredRows()
      var (products, sums) = ([0.0], [0.0])
      // Safe: as above.
      _ = unsafe stored.adding(bytes.span.bytes, as: .f16) { $0.addGram(0..<3, products: &products, sums: &sums) }
    }
  }

  @Test("narrow numbers give the same bits on every instruction set", arguments: [CK_F16, CK_BF16], [3, 8, 13])
  func sameBits(type: Int, count: Int) {
    var random = SeededGenerator(64)
    let rows = (0..<count).map { _ in encode(normals(2_001, &random), type == CK_F16 ? .f16 : .bf16) }.flatMap { $0 }
    var found: [[Double]] = []
    for set in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(set) != 0 {
      var sums = [Double](repeating: 0, count: count * (count + 1))
      // Safe: `count` rows of 2001 numbers; products first, then sums.
      unsafe rows.withUnsafeBytes { bytes in
        let places = unsafe (0..<count).map { i in unsafe bytes.baseAddress.map { unsafe $0 + 4_002 * i } }
        unsafe sums.withUnsafeMutableBufferPointer { out in
          guard let target = out.baseAddress else { return }
          unsafe ck_gram_on(set, Int32(type), places, Int64(count), 0, 2_001, target, target + count * count)
        }
      }
      found.append(sums)
    }
    #expect(found.nonEmptyAllSatisfy { $0 == found[0] } && found[0].contains { $0 != 0 }, "\(random)")
  }
}
