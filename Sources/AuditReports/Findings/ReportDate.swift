/// A moment in a report, as its user gives it: `2026-11-30` or `2026-11-30T17:00:00Z`.
///
/// No report reads a clock: the same input gives the same bytes.
package struct ReportDate: Sendable, Equatable {
  /// The moment in UTC (RFC 3339): `2026-11-30T00:00:00Z`.
  package let text: String
  /// The text as it was given.
  package let given: String

  /// Nil for a text that is no day of the calendar, or no time in UTC.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10 || bytes.count == 20, let year = Self.number(bytes, 0..<4), bytes[4] == UInt8(ascii: "-"),
      let month = Self.number(bytes, 5..<7), bytes[7] == UInt8(ascii: "-"), let day = Self.number(bytes, 8..<10),
      (1...12).contains(month), (1...Self.days(month, year)).contains(day)
    else { return nil }
    if bytes.count == 20 {
      guard bytes[10] == UInt8(ascii: "T"), let hour = Self.number(bytes, 11..<13), bytes[13] == UInt8(ascii: ":"),
        let minute = Self.number(bytes, 14..<16), bytes[16] == UInt8(ascii: ":"), let second = Self.number(bytes, 17..<19),
        bytes[19] == UInt8(ascii: "Z"), hour < 24, minute < 60, second < 60
      else { return nil }
    }
    given = text
    self.text = bytes.count == 10 ? text + "T00:00:00Z" : text
  }

  private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    var value = 0
    for byte in bytes[range] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
