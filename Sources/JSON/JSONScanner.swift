/// Reads JSON tokens from bytes in order, with checked indices and no recursion.
///
/// ```swift
/// var scanner = JSONScanner(bytes, rules: .strict)
/// try scanner.expect("{")
/// let key = try scanner.string()
/// try scanner.skipValue(depth: 1)
/// ```
///
/// The caller has checked that the bytes are valid UTF-8. Every method skips white space before its token and leaves the
/// position after the token.
package struct JSONScanner: ~Escapable {
  package let bytes: Span<UInt8>
  package let rules: JSONRules
  /// The position of the next byte to read; only the methods of the scanner change it.
  package internal(set) var position: Int
  package let end: Int

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>, from start: Int = 0, to end: Int? = nil, rules: JSONRules) {
    self.bytes = bytes
    self.rules = rules
    self.position = start
    self.end = end ?? bytes.count
  }

  package func failure(_ problem: String, at offset: Int? = nil) -> JSONError {
    JSONError(problem: problem, offset: offset ?? position)
  }

  /// The byte at the position, nil at the end.
  package var current: UInt8? { position < end ? bytes[position] : nil }

  @_lifetime(self: copy self)
  package mutating func advance(by count: Int = 1) { position += count }

  /// The next byte that is not white space, not consumed.
  @_lifetime(self: copy self)
  package mutating func peek() throws(JSONError) -> UInt8 {
    while position < end {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    throw failure("the text ends too early")
  }

  /// Consumes the one byte `token` (an ASCII character).
  @_lifetime(self: copy self)
  package mutating func expect(_ token: Unicode.Scalar) throws(JSONError) {
    guard try peek() == UInt8(ascii: token) else { throw failure("\(spelled(bytes[position])) instead of '\(token)'") }
    position += 1
  }

  /// Consumes `token` if it is the next byte, and returns whether it was.
  @_lifetime(self: copy self)
  package mutating func take(_ token: Unicode.Scalar) throws(JSONError) -> Bool {
    guard try peek() == UInt8(ascii: token) else { return false }
    position += 1
    return true
  }

  /// After an element: true when another follows a comma, false at the `closing` bracket, which is consumed.
  @_lifetime(self: copy self)
  package mutating func continues(until closing: Unicode.Scalar) throws(JSONError) -> Bool {
    if try take(closing) { return false }
    guard try take(",") else { throw failure("\(spelled(bytes[position])) instead of ',' or '\(closing)'") }
    guard try peek() != UInt8(ascii: closing) else { throw failure("a comma before the closing '\(closing)'") }
    return true
  }

  /// Consumes the word at the position, such as `null`, which must be spelled exactly.
  @_lifetime(self: copy self)
  package mutating func word(_ word: StaticString) throws(JSONError) {
    let start = position
    for index in 0..<word.utf8CodeUnitCount {
      let wanted = unsafe word.utf8Start[index]
      guard current == wanted else { throw failure("an unknown word", at: start) }
      position += 1
    }
  }

  /// Makes sure that nothing but white space is left.
  @_lifetime(self: copy self)
  package mutating func finish() throws(JSONError) {
    while let byte = current {
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
        throw failure("\(spelled(byte)) after the end of the value")
      }
      position += 1
    }
  }

  /// A byte in the form used by messages.
  package func spelled(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}
