import CKernels
import ElementTypes
import LinearAlgebra
import TestKit
import Testing

@Suite("Row blocks")
struct RowBlockTests {
  private func block(_ rows: [[Float]], as type: ElementType = .f32) -> RowBlock {
    var block = RowBlock()
    block.resize(rows: rows.count, columns: rows.first?.count ?? 0)
    for (i, row) in rows.enumerated() {
      let bytes = encode(row, as: type)
      // Safe: bytes have no invalid values.
      unsafe block.fill(i, from: bytes.span.bytes, as: type, first: 0)
    }
    return block
  }

  private func encode(_ row: [Float], as type: ElementType) -> [UInt8] {
    switch type {
    case .bf16: row.flatMap { [UInt8(truncatingIfNeeded: $0.bitPattern >> 16), UInt8(truncatingIfNeeded: $0.bitPattern >> 24)] }
    default: row.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    }
  }

  private func normals(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> [[Float]] {
    (0..<rows).map { _ in
      (0..<columns).map { _ in Float(bitPattern: Float(random.normal()).bitPattern & 0xffff_0000) }
    }
  }

  private func plain(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

  @Test(
    "products are those of a plain loop, whatever the sides",
    arguments: [(1, 1, 1), (2, 7, 15), (4, 6, 16), (5, 13, 17), (22, 22, 1_024), (3, 9, 4_500), (191, 192, 33), (193, 192, 33)],
    [ElementType.f32, .bf16])
  func products(sides: (Int, Int, Int), type: ElementType) {
    var random = SeededGenerator(41)
    let (m, n, k) = sides
    let (a, b) = (normals(m, k, &random), normals(n, k, &random))
    var sums = [Double](repeating: 0.5, count: m * n)
    block(a, as: type).addProducts(with: block(b, as: type), to: &sums)
    for i in 0..<m {
      for j in 0..<n { #expect(abs(sums[i * n + j] - 0.5 - plain(a[i], b[j])) < 1e-6 * Double(k), "\(random)") }
    }
  }

  @Test("sums and squared norms are those of a plain loop", arguments: [1, 16, 300, 4_500])
  func sums(columns: Int) {
    var random = SeededGenerator(42)
    let rows = normals(3, columns, &random)
    let found = block(rows)
    for i in 0..<3 {
      #expect(abs(found.sums[i] - rows[i].reduce(0) { $0 + Double($1) }) < 1e-6 * Double(columns))
      #expect(abs(found.squares[i] - plain(rows[i], rows[i])) < 1e-6 * plain(rows[i], rows[i]))
    }
  }

  @Test("on and below the diagonal a Gram matrix is the product with itself, to the bit", arguments: [1, 4, 5, 6, 7, 23])
  func gram(side: Int) {
    var random = SeededGenerator(43)
    let rows = block(normals(side, 700, &random))
    var (gram, product) = ([Double](repeating: 0, count: side * side), [Double](repeating: 0, count: side * side))
    rows.addGram(to: &gram)
    rows.addProducts(with: rows, to: &product)
    for i in 0..<side {
      for j in 0...i { #expect(gram[i * side + j] == product[i * side + j]) }
    }
  }

  @Test(
    "numbers whose squares leave the range of f32 are multiplied nevertheless", arguments: [Float(0x1p100), 0x1p-100, 0x1p127])
  func scaled(size: Float) {
    let found = block([[size, size / 2, 0], [1, 1, 1]])
    var sums = [Double](repeating: 0, count: 4)
    found.addGram(to: &sums)
    let big = Double(size)
    #expect(sums[0] == 1.25 * big * big && sums[2] == 1.5 * big && sums[3] == 3)
    #expect(found.squares[0] == 1.25 * big * big && found.sums[0] == 1.5 * big)
  }

  @Test("a NaN or an infinity counts as zero and is told")
  func notFinite() {
    let found = block([[1, .nan, 2], [3, 4, .infinity], [1, 1, 1]])
    var sums = [Double](repeating: 0, count: 9)
    found.addGram(to: &sums)
    #expect(sums[0] == 5 && sums[3] == 3 && sums[4] == 25 && found.isFinite == [false, false, true])
  }

  @Test("after normalising, products are cosines, and those of rows that are zero or not finite are zero")
  func cosines() {
    var found = block([[3, 4], [0x1p100, 0], [0, 0], [.nan, 1]])
    found.normalise()
    var sums = [Double](repeating: 0, count: 16)
    found.addGram(to: &sums)
    #expect(abs(sums[0] - 1) < 1e-15 && abs(sums[4] - 0.6) < 1e-7 && abs(sums[5] - 1) < 1e-15)
    #expect(sums[8...].nonEmptyAllSatisfy { $0 == 0 })
  }

  @Test("a block made smaller and filled again is as good as a new one")
  func reused() {
    var random = SeededGenerator(44)
    let rows = normals(3, 33, &random)
    var old = block(normals(9, 2_000, &random))
    old.resize(rows: 3, columns: 33)
    for i in 0..<3 {
      let bytes = encode(rows[i], as: .f32)
      // Safe: as above.
      unsafe old.fill(i, from: bytes.span.bytes, as: .f32, first: 0, next: 33)
    }
    var (sums, expected) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 9))
    old.addProducts(with: old, to: &sums)
    block(rows).addProducts(with: block(rows), to: &expected)
    #expect(sums == expected)
  }

  @Test("narrow numbers give the same bits on every instruction set")
  func sameBits() {
    var random = SeededGenerator(45)
    let stride: Int64 = 2_064
    let values: [Float] = (0..<23 * Int(stride)).map { _ in
      Float(bitPattern: Float(random.normal()).bitPattern & 0xffff_0000)
    }
    let scales = [Double](repeating: 1, count: 23)
    var found: [[Double]] = []
    for set in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(set) != 0 {
      var sums = [Double](repeating: 0, count: 23 * 23)
      // Safe: 23 rows of `stride` numbers, a scale each.
      unsafe values.withUnsafeBufferPointer { values in
        unsafe scales.withUnsafeBufferPointer { scales in
          var rows = unsafe ck_rows(values: values.baseAddress, scales: scales.baseAddress, count: 23, stride: stride)
          var same = unsafe rows
          unsafe ck_products_on(set, &rows, &same, 2_048, 0, &sums, nil)
        }
      }
      found.append(sums)
    }
    #expect(found.nonEmptyAllSatisfy { $0 == found[0] }, "\(random)")
  }

  @Test("a Gram matrix of many rows is that of a plain loop, with rows of any size")
  func manyRows() {
    var random = SeededGenerator(43)
    var rows = normals(200, 40, &random)
    rows[7] = rows[7].map { $0 * 0x1p90 }
    rows[8] = rows[8].map { $0 * 0x1p-90 }
    var sums = [Double](repeating: 0, count: 200 * 200)
    block(rows).addGram(to: &sums)
    for i in 0..<200 {
      for j in 0...i {
        let scale = (plain(rows[i], rows[i]) * plain(rows[j], rows[j])).squareRoot()
        #expect(abs(sums[i * 200 + j] - plain(rows[i], rows[j])) < 1e-6 * scale, "\(random), \(i), \(j)")
      }
    }
  }
}
