import Records
import TestKit
import Testing

@Suite struct RecordTests {
  @Test("integers come back, the extremes too", arguments: [0, 1, -1, 127, 128, 300, .max, .min, 1 << 62])
  func integers(number: Int) {
    var record = RecordWriter()
    record.add(number)
    var reader = RecordReader(record.bytes)
    #expect(reader.integer() == number && reader.isAtEnd)
  }

  @Test(
    "doubles come back to the bit, NaN and negative zero too", arguments: [0, -0.0, 0.1, .infinity, .nan, .leastNonzeroMagnitude])
  func numbers(number: Double) {
    var record = RecordWriter()
    record.add(number)
    record.add(Double?.some(number))
    record.add(Double?.none)
    var reader = RecordReader(record.bytes)
    #expect(reader.number()?.bitPattern == number.bitPattern)
    #expect(reader.optionalNumber()??.bitPattern == number.bitPattern)
    #expect(reader.optionalNumber() == .some(nil) && reader.isAtEnd)
  }

  @Test("texts and lists come back in their order, empty ones too")
  func lists() {
    var record = RecordWriter()
    record.add(each: ["", "é\t\n", "down_proj"]) { $0.add($1) }
    record.add(each: [Int]()) { $0.add($1) }
    record.add(true)
    record.add(Int?.some(7))
    record.add(Int?.none)
    var reader = RecordReader(record.bytes)
    #expect(reader.list { $0.text() } == ["", "é\t\n", "down_proj"])
    #expect(reader.list { $0.integer() } == [])
    #expect(reader.flag() == true)
    #expect(reader.optionalInteger() == .some(7) && reader.optionalInteger() == .some(nil) && reader.isAtEnd)
  }

  @Test("a record that is cut at any byte gives nil and no trap")
  func cut() {
    var record = RecordWriter()
    record.add("a role")
    record.add(1 << 40)
    record.add(0.5)
    for length in 0..<record.bytes.count {
      var reader = RecordReader(Array(record.bytes.prefix(length)))
      let text = reader.text()
      let number = text.flatMap { _ in reader.integer() }
      #expect(number.flatMap { _ in reader.number() } == nil, "\(length)")
    }
  }

  @Test("a count beyond the bytes, bytes that are no UTF-8 and an integer of eleven bytes are nil")
  func hostile() {
    var record = RecordWriter()
    record.add(Int.max)
    var reader = RecordReader(record.bytes)
    #expect(reader.list { $0.integer() } == nil)
    var text = RecordReader([2, 0xC3, 0x28])
    #expect(text.text() == nil)
    var long = RecordReader([UInt8](repeating: 0xFF, count: 11))
    #expect(long.integer() == nil)
    var flag = RecordReader([2])
    #expect(flag.flag() == nil)
  }

  @Test("any bytes are read without a trap")
  func random() {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    for _ in 0..<2000 {
      var reader = RecordReader((0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
      var steps = 0
      while !reader.isAtEnd, steps < 100 {
        switch random.next() % 5 {
        case 0: _ = reader.integer()
        case 1: _ = reader.text()
        case 2: _ = reader.optionalNumber()
        case 3: _ = reader.list { $0.flag() }
        default: _ = reader.optionalInteger()
        }
        steps += 1
      }
      #expect(steps <= 100, "\(random)")
    }
  }
}
