import ElementTypes
import TestKit
import Testing

@testable import Quantisation

/// Against a plain reading of the layouts, bit for bit: the difference of code and zero point is exact and the product rounded once.
@Suite struct WordCodesTests {
  struct Sample {
    var format: WordCodes
    var codes: [UInt8]
    var zeros: [UInt8]?
    var scales: [Float]
    var groups: [Int32]?

    init(
      _ layout: WordCodes.Layout, bits: Int, inputs: Int, outputs: Int, group: Int, isShuffled: Bool, hasZeros: Bool, offset: Int,
      _ random: inout SeededGenerator
    ) throws {
      let count = (inputs - 1) / group + 1
      format = try #require(
        WordCodes(
          layout, bits: bits, inputs: inputs, outputs: outputs, group: group, groupCount: count, scaleType: .f32))
      format.zeroOffset = offset
      codes = random.bytes(format.codeBytes)
      zeros = hasZeros ? random.bytes(try #require(format.zeroBytes)) : nil
      scales = (0..<count * outputs).map { _ in Float(random.normal()) }
      groups = isShuffled ? (0..<inputs).map { _ in Int32.random(in: 0..<Int32(count), using: &random) } : nil
    }

    /// W[row][column] from the table of the layouts.
    func expected(_ row: Int, _ column: Int) -> Float {
      let (bits, outputs) = (format.bits, format.outputs)
      let group = groups.map { Int($0[column]) } ?? column / format.group
      let code: Int, zero: Int?
      switch format.layout {
      case .gptq:
        // Bit i of an output's column is bit i % 32 of word i / 32.
        code = (0..<bits).reduce(0) { found, i in
          let bit = column * bits + i
          return found | QuantisationTests.code(codes, bit: (bit / 32 * outputs + row) * 32 + bit % 32, width: 1) << i
        }
        zero = zeros.map { QuantisationTests.code($0, bit: group * outputs * bits + row * bits, width: bits) }
      case .awq:
        let nibble = [0, 4, 1, 5, 2, 6, 3, 7][row % 8]
        code = QuantisationTests.code(codes, bit: (column * outputs / 8 + row / 8) * 32 + nibble * 4, width: 4)
        zero = zeros.map { QuantisationTests.code($0, bit: (group * outputs / 8 + row / 8) * 32 + nibble * 4, width: 4) }
      }
      let whole = zero.map { ($0 + format.zeroOffset) % (1 << bits) } ?? 1 << (bits - 1)
      return Float(code - whole) * scales[group * outputs + row]
    }

    func decode(_ rows: Range<Int>, _ columns: Range<Int>, stride: Int, into values: inout [Float], at start: Int) {
      var span = values.mutableSpan
      let scaleBytes = bytes(scales)
      let (zeros, groups) = (zeros ?? [], bytes(groups ?? []))
      unsafe format.decode(
        codes: codes.span.bytes, scales: scaleBytes.span.bytes, zeros: self.zeros == nil ? nil : zeros.span.bytes,
        groups: self.groups == nil ? nil : groups.span.bytes, rows: rows, columns: columns, into: &span, at: start, stride: stride
      )
    }
  }

  @Test(
    "every rectangle of words is what the layout's table says",
    arguments: [(WordCodes.Layout.gptq, 2), (.gptq, 3), (.gptq, 4), (.gptq, 8), (.awq, 4)])
  func rectanglesOfWords(layout: WordCodes.Layout, bits: Int) throws {
    var random = SeededGenerator(UInt64(bits) + (layout == .awq ? 100 : 0))
    for (inputs, outputs, group) in [(32, 32, 32), (96, 32, 16), (64, 96, 64), (160, 64, 40), (32, 160, 32), (2080, 32, 128)] {
      for (isShuffled, hasZeros, offset) in [(false, true, 0), (layout == .gptq, true, 1), (false, false, 0)] {
        let sample = try Sample(
          layout, bits: bits, inputs: inputs, outputs: outputs, group: group, isShuffled: isShuffled, hasZeros: hasZeros,
          offset: offset, &random)
        let whole = (0..<outputs).map { row in (0..<inputs).map { sample.expected(row, $0) } }
        for (rows, columns) in rectangles(rows: outputs, columns: inputs, &random) {
          let stride = columns.count + 3
          var values = [Float](repeating: -1, count: 5 + rows.count * stride)
          sample.decode(rows, columns, stride: stride, into: &values, at: 5)
          var wanted = [Float](repeating: -1, count: values.count)
          for (i, row) in rows.enumerated() {
            for (j, column) in columns.enumerated() { wanted[5 + i * stride + j] = whole[row][column] }
          }
          #expect(values == wanted, "\(inputs) × \(outputs), rows \(rows), columns \(columns), \(random)")
        }
      }
    }
  }

  @Test("outputs need not fill a cache line", arguments: [(8, 4), (8, 12), (4, 8), (4, 24), (2, 16), (2, 48)])
  func fewOutputs(bits: Int, outputs: Int) throws {
    var random = SeededGenerator(UInt64(outputs))
    let sample = try Sample(
      .gptq, bits: bits, inputs: 64, outputs: outputs, group: 32, isShuffled: true, hasZeros: true, offset: 1, &random)
    var values = [Float](repeating: 0, count: outputs * 64)
    sample.decode(0..<outputs, 0..<64, stride: 64, into: &values, at: 0)
    #expect(values == (0..<outputs).flatMap { row in (0..<64).map { sample.expected(row, $0) } }, "\(random)")
  }

  @Test(
    "a group that does not exist, in a file that was changed meanwhile, is taken for the last", arguments: [Int32.max, -1, 4])
  func changedGroups(group: Int32) throws {
    var random = SeededGenerator(3)
    var sample = try Sample(
      .gptq, bits: 4, inputs: 64, outputs: 16, group: 16, isShuffled: true, hasZeros: true, offset: 0, &random)
    sample.groups = Array(repeating: group, count: 64)
    var values = [Float](repeating: 0, count: 16 * 64)
    sample.decode(0..<16, 0..<64, stride: 64, into: &values, at: 0)
    sample.groups = Array(repeating: 3, count: 64)
    #expect(values == (0..<16).flatMap { row in (0..<64).map { sample.expected(row, $0) } })
  }

  @Test("scales of f16 and bf16 are read as what they are")
  func scaleTypes() throws {
    for (type, one) in [(ElementType.f16, [0x00, 0x3C] as [UInt8]), (.bf16, [0x80, 0x3F])] {
      let format = try #require(WordCodes(.gptq, bits: 4, inputs: 8, outputs: 8, group: 8, groupCount: 1, scaleType: type))
      let codes = [UInt8](repeating: 0x98, count: 32)
      let scales = [UInt8]((0..<8).flatMap { _ in one })
      var values = [Float](repeating: 0, count: 64)
      var span = values.mutableSpan
      unsafe format.decode(
        codes: codes.span.bytes, scales: scales.span.bytes, zeros: nil, groups: nil, rows: 0..<8, columns: 0..<8, into: &span,
        at: 0,
        stride: 8)
      #expect(values == (0..<64).map { $0 % 2 == 0 ? 0 : 1 })
    }
  }

  @Test("what does not fill words is no matrix")
  func impossible() {
    #expect(WordCodes(.gptq, bits: 5, inputs: 32, outputs: 8, group: 8, groupCount: 4, scaleType: .f16) == nil)
    #expect(WordCodes(.gptq, bits: 4, inputs: 12, outputs: 8, group: 12, groupCount: 1, scaleType: .f16) == nil)
    #expect(WordCodes(.awq, bits: 4, inputs: 12, outputs: 12, group: 12, groupCount: 1, scaleType: .f16) == nil)
    #expect(WordCodes(.awq, bits: 8, inputs: 16, outputs: 8, group: 16, groupCount: 1, scaleType: .f16) == nil)
    #expect(WordCodes(.gptq, bits: 4, inputs: .max / 2, outputs: 8, group: 8, groupCount: 4, scaleType: .f16) == nil)
    #expect(WordCodes(.gptq, bits: 4, inputs: 32, outputs: 8, group: 8, groupCount: 4, scaleType: .i8) == nil)
  }
}
