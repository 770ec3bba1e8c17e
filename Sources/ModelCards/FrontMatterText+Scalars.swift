extension FrontMatterText {
  /// The text in quotation marks at the position, over lines if need be; the position is behind it.
  mutating func quoted() throws(CardProblem) -> String {
    let first = line
    let mark = next
    step()
    var text: [UInt8] = []
    while let byte = next {
      if byte == mark {
        guard mark == Self.apostrophe, self.byte(1) == Self.apostrophe else {
          position += 1
          return String(decoding: text, as: UTF8.self)
        }
        text.append(byte)
        position += 2
      } else if byte == Self.newline {
        fold(into: &text)
      } else if byte == Self.backslash, mark == Self.quote {
        position += 1
        guard let scalar = try escape() else { continue }
        text += Array(String(scalar).utf8)
      } else {
        text.append(byte)
        position += 1
      }
    }
    throw .notUnderstood(line: first)
  }

  /// The end of a line inside of a quoted text: a space, or the line ends of the empty lines that follow.
  private mutating func fold(into text: inout [UInt8]) {
    while let last = text.last, last == Self.space || last == Self.tab { text.removeLast() }
    var ends = 0
    while let byte = next, byte == Self.newline || byte == Self.space || byte == Self.tab {
      if byte == Self.newline { ends += 1 }
      step()
    }
    text += ends > 1 ? Array(repeating: Self.newline, count: ends - 1) : [Self.space]
  }

  /// The character of an escape, whose backslash was read; nil for the end of a line, which is left out.
  private mutating func escape() throws(CardProblem) -> Unicode.Scalar? {
    let first = line
    guard let byte = next else { throw .notUnderstood(line: first) }
    if byte == Self.newline {
      while let space = next, space == Self.newline || space == Self.space || space == Self.tab { step() }
      return nil
    }
    position += 1
    let digits = ["x": 2, "u": 4, "U": 8][String(decoding: [byte], as: UTF8.self)]
    if let digits {
      guard position + digits <= bytes.count, let code = UInt32(string(position..<position + digits), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw .notUnderstood(line: first) }
      position += digits
      return scalar
    }
    let plain: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t", UInt8(ascii: "r"): "\r", UInt8(ascii: "0"): "\0",
      UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: "f"): "\u{C}",
      UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "_"): "\u{A0}", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "L"): "\u{2028}",
      UInt8(ascii: "P"): "\u{2029}", Self.space: " ", Self.tab: "\t", Self.quote: "\"", Self.backslash: "\\",
      UInt8(ascii: "/"): "/",
    ]
    guard let scalar = plain[byte] else { throw .notUnderstood(line: first) }
    return scalar
  }

  /// The flow value (`[…]`, `{…}`) at the position, over lines if need be; the position is behind it. A list of texts is read, everything
  /// else is passed over.
  mutating func flow() throws(CardProblem) -> FrontMatterValue {
    let first = line
    var isReadable = next == UInt8(ascii: "[")
    var items: [FrontMatterValue] = []
    var depth = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth > 1 { isReadable = false }
        position += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        position += 1
        if depth == 0 { return isReadable ? .list(items) : .other }
      case Self.hash where isBlank(before: position): while let byte = next, byte != Self.newline { position += 1 }
      case Self.comma, Self.space, Self.tab, Self.newline: step()
      case Self.quote, Self.apostrophe:
        let text = try quoted()
        if isReadable { items.append(.text(text)) }
        // A key, or text behind a quoted one.
        while next == Self.space || next == Self.tab || next == Self.newline { step() }
        guard let end = next, end == Self.comma || end == UInt8(ascii: "]") || end == UInt8(ascii: "}") || end == Self.hash else {
          isReadable = false
          continue
        }
      default:
        let item = flowPlain()
        if isReadable { items.append(item) }
        if item == .other { isReadable = false }
      }
    }
    throw .notUnderstood(line: first)
  }

  /// A plain text inside of a flow value: to a comma, a bracket or a comment. A pair, an anchor, an alias and a tag are `.other`.
  private mutating func flowPlain() -> FrontMatterValue {
    let isOther = next.map { "&*!|>%@`".utf8.contains($0) } ?? false
    var text: [UInt8] = []
    var isPair = false
    while let byte = next, !",[]{}".utf8.contains(byte) {
      if byte == Self.hash, isBlank(before: position) { break }
      if byte == Self.newline {
        fold(into: &text)
        continue
      }
      if byte == Self.colon {
        let isEnd = self.byte(1).map { ",[]{}".utf8.contains($0) } ?? true
        if isEnd || isBreak(1) { isPair = true }
      }
      text.append(byte)
      position += 1
    }
    while text.last == Self.space || text.last == Self.tab { text.removeLast() }
    let found = String(decoding: text, as: UTF8.self)
    if isOther || isPair { return .other }
    return Self.isNull(found) ? .null : .text(found)
  }
}
