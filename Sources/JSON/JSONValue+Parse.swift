extension JSONValue {
  /// The single value in `bytes`, read by `rules`.
  ///
  /// Time and memory are O(bytes); there is no recursion.
  package static func parse(_ bytes: RawSpan, rules: JSONRules = .python) throws(JSONError) -> JSONValue {
    if let offset = firstInvalidUTF8(bytes, in: 0..<bytes.byteCount) {
      throw JSONError(problem: "not UTF-8", offset: offset)
    }
    let text = Span<UInt8>(_bytes: bytes)
    let start = rules.lenient && startsWithByteOrderMark(bytes) ? 3 : 0
    var scanner = JSONScanner(text, from: start, rules: rules)
    let value = try tree(&scanner)
    try scanner.finish()
    return value
  }

  /// True when `bytes` begin with the byte order mark of UTF-8.
  package static func startsWithByteOrderMark(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= 3 else { return false }
    let text = Span<UInt8>(_bytes: bytes)
    return text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
  }

  /// An object or array that is filled in place: each append to a copy would cost its length.
  private struct Open {
    let isObject: Bool
    var key = ""
    var members: [Member] = []
    var elements: [JSONValue] = []

    mutating func append(_ value: JSONValue) {
      if isObject { members.append(Member(key: key, value: value)) } else { elements.append(value) }
    }

    var value: JSONValue { isObject ? .object(members) : .array(elements) }
  }

  private static func tree(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
    var open: [Open] = []
    var count = 0
    while true {
      count += 1
      guard count <= scanner.rules.values else { throw scanner.failure("more than \(scanner.rules.values) values") }
      var value: JSONValue
      switch try scanner.peek() {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard open.count < scanner.rules.depth else {
          throw scanner.failure(
            "nested more than \(scanner.rules.depth) levels "
              + "deep")
        }
        let isObject = scanner.current == UInt8(ascii: "{")
        scanner.advance()
        if try !scanner.take(isObject ? "}" : "]") {
          open.append(Open(isObject: isObject, key: isObject ? try key(&scanner) : ""))
          continue
        }
        value = isObject ? .object([]) : .array([])
      default: value = try scalar(&scanner)
      }
      // Adds the value to the open container around it; repeats while the value completes that container.
      while true {
        guard let last = open.indices.last else { return value }
        open[last].append(value)
        if try scanner.continues(until: open[last].isObject ? "}" : "]") {
          if open[last].isObject { open[last].key = try key(&scanner) }
          break
        }
        value = open.removeLast().value
      }
    }
  }

  private static func key(_ scanner: inout JSONScanner) throws(JSONError) -> String {
    let key = try scanner.string()
    try scanner.expect(":")
    return key
  }

  private static func scalar(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
    let byte = try scanner.peek()
    switch byte {
    case UInt8(ascii: "\""): return .string(try scanner.string())
    case UInt8(ascii: "n"):
      try scanner.word("null")
      return .null
    case UInt8(ascii: "t"):
      try scanner.word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try scanner.word("false")
      return .bool(false)
    case UInt8(ascii: "N") where scanner.rules.lenient:
      try scanner.word("NaN")
      return .number(.nan, text: "NaN")
    case UInt8(ascii: "I") where scanner.rules.lenient:
      try scanner.word("Infinity")
      return .number(.infinity, text: "Infinity")
    case UInt8(ascii: "-"), 0x30...0x39:
      let text = scanner.text(try scanner.number())
      return .number(Double(text) ?? .nan, text: text)
    default: throw scanner.failure("\(scanner.spelled(byte)) instead of a value")
    }
  }
}
