/// A string in its text form: the range of bytes between the quotes, and whether it contains an escape.
package struct JSONStringToken {
  package let range: Range<Int>
  package let hasEscapes: Bool
}

extension JSONScanner {
  /// Consumes a string and checks all of its escapes, without creating its value.
  @_lifetime(self: copy self)
  package mutating func stringToken() throws(JSONError) -> JSONStringToken {
    try expect("\"")
    let start = position
    var hasEscapes = false
    var index = start
    while index < end {
      let byte = bytes[index]
      if byte == 0x22 {
        advance(by: index + 1 - position)
        return JSONStringToken(range: start..<index, hasEscapes: hasEscapes)
      }
      guard byte >= 0x20 else { throw failure("a control character in a string that is not escaped", at: index) }
      if byte == 0x5C {
        hasEscapes = true
        index = try escape(at: index).next
      } else {
        index += 1
      }
    }
    throw failure("a string that is not closed", at: start - 1)
  }

  /// Consumes a string and returns its value, byte for byte as in the text (without normalisation).
  @_lifetime(self: copy self)
  package mutating func string() throws(JSONError) -> String {
    let token = try stringToken()
    return try value(of: token)
  }

  /// The value of a string token.
  package func value(of token: JSONStringToken) throws(JSONError) -> String {
    guard token.hasEscapes else {
      // The span is borrowed for this call only, and String copies it.
      return unsafe bytes.extracting(token.range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
    var value: [UInt8] = []
    value.reserveCapacity(token.range.count)
    var index = token.range.lowerBound
    while index < token.range.upperBound {
      if bytes[index] == 0x5C {
        let (scalar, next) = try escape(at: index)
        value.append(contentsOf: Character(scalar).utf8)
        index = next
      } else {
        value.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: value, as: UTF8.self)
  }

  /// True when the token's value is `text` (ASCII).
  package func token(_ token: JSONStringToken, is text: StaticString) throws(JSONError) -> Bool {
    if token.hasEscapes { return try value(of: token).utf8.elementsEqual("\(text)".utf8) }
    guard token.range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<token.range.count {
      guard unsafe bytes[token.range.lowerBound + index] == text.utf8Start[index] else { return false }
    }
    return true
  }

  /// The scalar of the escape at `start` (a backslash), and the position after the escape.
  private func escape(at start: Int) throws(JSONError) -> (scalar: Unicode.Scalar, next: Int) {
    guard start + 1 < end else { throw failure("a string that is not closed", at: start) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""): return ("\"", start + 2)
    case UInt8(ascii: "\\"): return ("\\", start + 2)
    case UInt8(ascii: "/"): return ("/", start + 2)
    case UInt8(ascii: "b"): return ("\u{8}", start + 2)
    case UInt8(ascii: "f"): return ("\u{C}", start + 2)
    case UInt8(ascii: "n"): return ("\n", start + 2)
    case UInt8(ascii: "r"): return ("\r", start + 2)
    case UInt8(ascii: "t"): return ("\t", start + 2)
    case UInt8(ascii: "u"):
      let first = try hexadecimal(at: start + 2)
      if let scalar = Unicode.Scalar(first) { return (scalar, start + 6) }
      guard first < 0xDC00, start + 7 < end, bytes[start + 6] == 0x5C, bytes[start + 7] == UInt8(ascii: "u") else {
        throw failure("half of a surrogate pair", at: start)
      }
      let second = try hexadecimal(at: start + 8)
      guard (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw failure("half of a surrogate pair", at: start) }
      return (scalar, start + 12)
    default: throw failure("an unknown escape sequence in a string", at: start)
    }
  }

  private func hexadecimal(at start: Int) throws(JSONError) -> UInt32 {
    guard start + 4 <= end else { throw failure("a string that is not closed", at: start) }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, bytes[index] < 0x80 else {
        throw failure("a \\u escape without four hexadecimal digits", at: index)
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
