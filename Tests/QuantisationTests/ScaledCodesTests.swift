import ElementTypes
import TestKit
import Testing

@testable import Quantisation

@Suite struct ScaledCodesTests {
  /// All of `format`, read by the rectangles given, against `value(row, column)`; the codes, scales and zero points are random bytes.
  private func check(
    _ format: ScaledCodes, scales: [Float], zeros: [UInt8]? = nil, codes: [UInt8], groups: [Int32]? = nil,
    _ random: inout SeededGenerator, _ value: (Int, Int) -> Float
  ) {
    let whole = (0..<format.rows).map { row in (0..<format.columns).map { value(row, $0) } }
    let (scaleBytes, groupBytes) = (bytes(scales), bytes(groups ?? []))
    for (rows, columns) in rectangles(rows: format.rows, columns: format.columns, &random) {
      let stride = columns.count + 1
      var values = [Float](repeating: -7, count: rows.count * stride)
      var span = values.mutableSpan
      let zeroBytes = zeros ?? []
      unsafe format.decode(
        codes: codes.span.bytes, scales: scaleBytes.span.bytes, zeros: zeros == nil ? nil : zeroBytes.span.bytes,
        groups: groups == nil ? nil : groupBytes.span.bytes, rows: rows, columns: columns, into: &span, at: 0, stride: stride)
      var wanted = [Float](repeating: -7, count: values.count)
      for (i, row) in rows.enumerated() {
        for (j, column) in columns.enumerated() { wanted[i * stride + j] = whole[row][column] }
      }
      #expect(values == wanted, "rows \(rows), columns \(columns), \(random)")
    }
  }

  @Test(
    "a block's numbers are its codes times its scale, in ragged blocks, groups, channels and stacks too",
    arguments: [(5, 7, 5), (128, 128, 200), (1, 16, 200), (1, 700, 200), (200, 700, 200), (3, 5, 40), (1, 1, 200), (200, 1, 200)])
  func blocks(rows: Int, columns: Int, matrixRows: Int) throws {
    var random = SeededGenerator(UInt64(rows * 1000 + columns))
    let format = try #require(
      ScaledCodes(
        rows: 200, columns: 700, coding: .numbers(.i8), matrixRows: matrixRows, block: (rows, columns), scaleType: .f32))
    let scales = (0..<format.scaleRows * format.scaleColumns).map { _ in Float(random.normal()) }
    let codes = random.bytes(format.codeBytes)
    #expect(format.scaleColumns == (700 + columns - 1) / columns)
    #expect(format.scaleRows == 200 / matrixRows * ((matrixRows + rows - 1) / rows))
    check(format, scales: scales, codes: codes, &random) { row, column in
      let scaleRow = row / matrixRows * ((matrixRows + rows - 1) / rows) + row % matrixRows / rows
      return Float(Int8(bitPattern: codes[row * 700 + column])) * scales[scaleRow * format.scaleColumns + column / columns]
    }
  }

  @Test("packed integers turn around their zero points, packed down their columns or the same for all", arguments: 1...8)
  func packed(bits: Int) throws {
    var random = SeededGenerator(UInt64(bits))
    for (rows, columns, group) in [(9, 64, 32), (40, 96, 16), (3, 33, 33)] {
      for isPadded in [false, true] {
        var format = try #require(
          ScaledCodes(
            rows: rows, columns: columns, coding: isPadded ? .padded(bits: bits) : .stream(bits: bits), block: (1, group),
            scaleType: .f32))
        let scales = (0..<rows * format.scaleColumns).map { _ in Float(random.normal()) }
        let codes = random.bytes(format.codeBytes)
        let rowBytes = format.codeBytes / rows
        let each = 32 / bits
        let plain = { (row: Int, column: Int) -> Int in
          let bit = isPadded ? column / each * 32 + column % each * bits : column * bits
          return code(codes, bit: row * rowBytes * 8 + bit, width: bits)
        }
        format.zeros = .constant(Float(1 << (bits - 1)))
        check(format, scales: scales, codes: codes, &random) { row, column in
          Float(plain(row, column) - 1 << (bits - 1)) * scales[row * format.scaleColumns + column / group]
        }
        format.zeros = .packed(bits: bits)
        let zeros = random.bytes((rows * bits + 31) / 32 * 4 * format.scaleColumns)
        check(format, scales: scales, zeros: zeros, codes: codes, &random) { row, column in
          let place = column / group
          let zero = (0..<bits).reduce(0) { zero, i in
            let bit = row * bits + i
            return zero | code(zeros, bit: (bit / 32 * format.scaleColumns + place) * 32 + bit % 32, width: 1) << i
          }
          return Float(plain(row, column) - zero) * scales[row * format.scaleColumns + place]
        }
      }
    }
  }

  @Test("groups in no order give every column the scale and the zero point of its own")
  func groups() throws {
    var random = SeededGenerator(11)
    var format = try #require(
      ScaledCodes(rows: 6, columns: 1300, coding: .numbers(.i8), block: (1, 100), scaleType: .f32))
    format.zeros = .numbers(.i8)
    let scales = (0..<6 * 13).map { _ in Float(random.normal()) }
    let (codes, zeros) = (random.bytes(6 * 1300), random.bytes(6 * 13))
    let groups = (0..<1300).map { _ in Int32.random(in: 0..<13, using: &random) }
    check(format, scales: scales, zeros: zeros, codes: codes, groups: groups, &random) { row, column in
      let place = row * 13 + Int(groups[column])
      return Float(Int(Int8(bitPattern: codes[row * 1300 + column])) - Int(Int8(bitPattern: zeros[place]))) * scales[place]
    }
  }

  @Test("a bias is added to the product of code and scale of its group", arguments: [2, 3, 4, 5, 6, 8])
  func offsets(bits: Int) throws {
    var random = SeededGenerator(UInt64(bits) + 20)
    for (rows, columns, group) in [(9, 96, 32), (3, 192, 64), (2, 128 * 600, 128)] {
      var format = try #require(
        ScaledCodes(rows: rows, columns: columns, coding: .stream(bits: bits), block: (1, group), scaleType: .f32))
      format.zeros = .offsets(.f32)
      let count = rows * format.scaleColumns
      let (scales, offsets) = ((0..<count).map { _ in Float(random.normal()) }, (0..<count).map { _ in Float(random.normal()) })
      let codes = random.bytes(format.codeBytes)
      check(format, scales: scales, zeros: bytes(offsets), codes: codes, &random) { row, column in
        let place = row * format.scaleColumns + column / group
        return Float(code(codes, bit: (row * columns + column) * bits, width: bits)) * scales[place] + offsets[place]
      }
    }
  }

  @Test("codes of E2M1 are looked up, and a global scale multiplies or divides the others")
  func nibbles() throws {
    var random = SeededGenerator(12)
    let table: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
    for global in [ScaledCodes.Global.factor(0.37), .divisor(1234.5)] {
      var format = try #require(
        ScaledCodes(rows: 7, columns: 96, coding: .nibbles(.e2m1), block: (1, 16), scaleType: .f32))
      format.global = global
      let scales = (0..<7 * 6).map { _ in Float(random.normal()) }
      let codes = random.bytes(7 * 48)
      check(format, scales: scales, codes: codes, &random) { row, column in
        let nibble = code(codes, bit: (row * 96 + column) * 4, width: 4)
        let scale = scales[row * 6 + column / 16]
        let value = table[nibble % 8] * (nibble > 7 ? -1 : 1)
        if case .divisor(let divisor) = global { return value * (scale / divisor) }
        return value * (scale * 0.37)
      }
    }
  }

  @Test("sizes beyond counting are no matrix")
  func absurd() {
    #expect(ScaledCodes(rows: .max / 2, columns: 4, coding: .numbers(.i8), block: (1, 1), scaleType: .f32) == nil)
    #expect(ScaledCodes(rows: 2, columns: .max, coding: .stream(bits: 8), block: (1, 1), scaleType: .f32) == nil)
    #expect(ScaledCodes(rows: 2, columns: .max, coding: .padded(bits: 3), block: (1, 1), scaleType: .f32) == nil)
    #expect(ScaledCodes(rows: 3, columns: 4, coding: .numbers(.i8), matrixRows: 2, block: (1, 1), scaleType: .f32) == nil)
    #expect(ScaledCodes(rows: 3, columns: 4, coding: .numbers(.i8), block: (0, 1), scaleType: .f32) == nil)
  }
}
