extension JSONScanner {
  /// Consumes a number and returns its range in the text; strict rules reject numbers beyond the range of a Double.
  ///
  /// Grammar of RFC 8259; lenient rules add `-Infinity`.
  @_lifetime(self: copy self)
  package mutating func number() throws(JSONError) -> Range<Int> {
    _ = try peek()
    let start = position
    if current == UInt8(ascii: "-") {
      advance()
      if rules.lenient, current == UInt8(ascii: "I") {
        try word("Infinity")
        return start..<position
      }
    }
    let integerDigits = try digits()
    if integerDigits > 1, bytes[position - integerDigits] == UInt8(ascii: "0") {
      throw failure("a number with a leading zero", at: start)
    }
    var isLarge = integerDigits > 300
    if current == UInt8(ascii: ".") {
      advance()
      _ = try digits()
    }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      advance()
      if let sign = current, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { advance() }
      _ = try digits()
      isLarge = true
    }
    if isLarge, !rules.lenient, try !isFinite(start..<position) {
      throw failure(
        "a number outside the range of 64-bit "
          + "floating point", at: start)
    }
    return start..<position
  }

  /// Consumes an unsigned integer of at most 64 bits: only digits; no sign, fraction, exponent or leading zero.
  @_lifetime(self: copy self)
  package mutating func unsignedInteger(_ what: StaticString) throws(JSONError) -> UInt64 {
    let first = try peek()
    let start = position
    guard first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else {
      throw failure("\(spelled(first)) instead of \(what)")
    }
    let range = try number()
    var value: UInt64 = 0
    for index in range {
      let byte = bytes[index]
      guard (0x30...0x39).contains(byte) else { throw failure("\(what) is not a whole number of at least 0", at: start) }
      let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = scaled.addingReportingOverflow(UInt64(byte - 0x30))
      guard !overflowed, !carried else { throw failure("\(what) does not fit into 64 bits", at: start) }
      value = sum
    }
    return value
  }

  /// The text of a number.
  package func text(_ range: Range<Int>) -> String {
    // The span is borrowed for this call only, and String copies it.
    unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  @_lifetime(self: copy self)
  private mutating func digits() throws(JSONError) -> Int {
    var count = 0
    while let byte = current, (0x30...0x39).contains(byte) {
      advance()
      count += 1
    }
    guard count > 0 else { throw failure("a number without digits") }
    return count
  }

  private func isFinite(_ range: Range<Int>) throws(JSONError) -> Bool {
    guard let value = Double(text(range)) else { throw failure("an invalid number", at: range.lowerBound) }
    return value.isFinite
  }
}
