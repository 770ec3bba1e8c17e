import TestKit
import Testing

@testable import Quantisation

@Suite struct BlockCodesTests {
  @Test(
    "blocks do not mind where rows end, nested magnitudes too",
    arguments: [(48, 40, 64), (7, 33, 64), (1, 5, 64), (300, 64, 64), (9, 4096, 32), (3, 3, 1), (5, 17, .max)])
  func flat(rows: Int, columns: Int, block: Int) {
    var random = SeededGenerator(UInt64(rows))
    let values = (0..<16).map { _ in Float(random.normal()) }
    let count = rows * columns
    let codes = random.bytes((count + 1) / 2)
    let map = (0..<256).map { _ in Float(random.normal()) }
    for isNested in [false, true] {
      let nesting = isNested ? BlockCodes.Nesting(map: map, block: 3, offset: 0.25) : nil
      let format = BlockCodes(
        rows: rows, columns: columns, block: block, table: NibbleTable(values, highFirst: true), nesting: nesting)
      let inner = random.bytes(format.blocks)
      let outer = (0..<(format.blocks + 2) / 3).map { _ in Float(random.normal()) }
      let plain = (0..<format.blocks).map { _ in Float(random.normal()) }
      let (outerBytes, magnitudes) = (bytes(outer), isNested ? inner : bytes(plain))
      for (rows, columns) in rectangles(rows: rows, columns: columns, &random) {
        var found = [Float](repeating: 0, count: rows.count * columns.count)
        var span = found.mutableSpan
        unsafe format.decode(
          codes: codes.span.bytes, magnitudes: magnitudes.span.bytes, outer: outerBytes.span.bytes, rows: rows, columns: columns,
          into: &span, at: 0, stride: columns.count)
        let wanted = rows.flatMap { row in
          columns.map { column in
            let k = row * format.columns + column
            let j = k / block
            let nibble = Int(k % 2 == 0 ? codes[k / 2] >> 4 : codes[k / 2] & 15)
            let magnitude = isNested ? map[Int(inner[j])] * outer[j / 3] + 0.25 : plain[j]
            return values[nibble] * magnitude
          }
        }
        #expect(found == wanted, "rows \(rows), columns \(columns), \(random)")
      }
    }
  }
}
