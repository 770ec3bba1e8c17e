extension JSONScanner {
  /// Consumes one value of any kind and checks all of it; `depth` is the number of objects and arrays around it.
  ///
  /// Keeps one bit for each open bracket. A malicious depth costs little memory, because it reaches the limit first.
  @_lifetime(self: copy self)
  package mutating func skipValue(depth: Int) throws(JSONError) {
    var isObject: [Bool] = []
    repeat {
      // One value begins here.
      var opened = false
      switch try peek() {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth + isObject.count < rules.depth else { throw failure("nested more than \(rules.depth) levels deep") }
        let object = bytes[position] == UInt8(ascii: "{")
        advance()
        if try !take(object ? "}" : "]") {
          isObject.append(object)
          opened = true
          if object { try skipKey() }
        }
      default: try skipScalar()
      }
      // Closes every object and array whose last value ends here.
      while !opened, let object = isObject.last {
        if try continues(until: object ? "}" : "]") {
          if object { try skipKey() }
          break
        }
        isObject.removeLast()
      }
    } while !isObject.isEmpty
  }

  @_lifetime(self: copy self)
  private mutating func skipKey() throws(JSONError) {
    _ = try stringToken()
    try expect(":")
  }

  @_lifetime(self: copy self)
  private mutating func skipScalar() throws(JSONError) {
    let byte = try peek()
    switch byte {
    case UInt8(ascii: "\""): _ = try stringToken()
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "N") where rules.lenient: try word("NaN")
    case UInt8(ascii: "I") where rules.lenient: try word("Infinity")
    case UInt8(ascii: "-"), 0x30...0x39: _ = try number()
    default: throw failure("\(spelled(byte)) instead of a value")
    }
  }
}
