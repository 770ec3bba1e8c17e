extension FrontMatterText {
  /// Characters that do not begin a plain text.
  private static let indicators = Set(",[]{}#&*!|>'\"%@`".utf8)

  /// The key at the beginning of the line, and its colon; the position is behind them.
  mutating func key() throws(CardProblem) -> String {
    let first = line
    position += indent
    guard let start = next else { throw .notUnderstood(line: first) }
    let key: String
    if start == Self.quote || start == Self.apostrophe {
      key = try quoted()
      skipSpaces()
    } else {
      // `? key`, `- item`, a flow mapping, an anchor or a tab.
      let isItem = (start == Self.dash || start == UInt8(ascii: "?")) && isBreak(1)
      guard !Self.indicators.contains(start), start != Self.tab, !isItem else { throw .notUnderstood(line: first) }
      let begin = position
      while let byte = next, byte != Self.newline, !(byte == Self.colon && isBreak(1)) {
        guard byte != Self.hash || !isBlank(before: position) else { throw .notUnderstood(line: first) }
        position += 1
      }
      var end = position
      while end > begin, bytes[end - 1] == Self.space || bytes[end - 1] == Self.tab { end -= 1 }
      key = string(begin..<end)
    }
    // A merge key would bring entries from elsewhere.
    guard line == first, next == Self.colon, isBreak(1), key != "<<" else { throw .notUnderstood(line: first) }
    position += 1
    return key
  }

  /// The value behind a key or the mark of an item, which stand at this margin. The position is then at the beginning of the next line
  /// that does not belong to it. `isEntry`: it is the value of a key, whose list may stand at the key's own margin.
  mutating func value(of margin: Int, isEntry: Bool) throws(CardProblem) -> FrontMatterValue {
    if isEmptyLine {
      advance()
      return try blockValue(of: margin, isEntry: isEntry)
    }
    skipSpaces()
    switch next {
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return blockText(of: margin)
    default: return try inlineValue(of: margin, mayBeMapping: !isEntry)
    }
  }

  /// A value that begins at the position.
  private mutating func inlineValue(of margin: Int, mayBeMapping: Bool = true) throws(CardProblem) -> FrontMatterValue {
    let start = self
    switch next {
    case Self.quote, Self.apostrophe:
      let text = try quoted()
      var ahead = self
      ahead.skipSpaces()
      if ahead.next == Self.colon {
        self = start
        return try skipMapping(of: margin)
      }
      try finishLine()
      return .text(text)
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let value = try flow()
      try finishLine()
      return value
    case let byte? where Self.indicators.contains(byte): return skipBlock(of: margin)
    case Self.dash where isBreak(1), UInt8(ascii: "?") where isBreak(1): return try skipMapping(of: margin)
    default:
      if let text = plain(of: margin) { return text }
      self = start
      // A mapping begins on the line below its key.
      guard mayBeMapping else { throw .notUnderstood(line: line) }
      return try skipMapping(of: margin)
    }
  }

  /// A value on the lines below its key.
  private mutating func blockValue(of margin: Int, isEntry: Bool) throws(CardProblem) -> FrontMatterValue {
    skipEmptyLines()
    if isAtEnd { return .null }
    let inner = indent
    if byte(inner) == Self.dash, isBreak(inner + 1), inner > margin || isEntry && inner == margin {
      return try list(at: inner, of: margin)
    }
    guard inner > margin else { return .null }
    position += inner
    return try inlineValue(of: margin)
  }

  /// The items of a list at a margin, below a key at the margin `outer`.
  private mutating func list(at margin: Int, of outer: Int) throws(CardProblem) -> FrontMatterValue {
    var items: [FrontMatterValue] = []
    while !isAtEnd, indent == margin, byte(margin) == Self.dash, isBreak(margin + 1) {
      position += margin + 1
      items.append(try value(of: margin, isEntry: false))
      skipEmptyLines()
    }
    // A line between the two margins belongs to neither.
    if !isAtEnd, indent > outer { throw .notUnderstood(line: line) }
    return .list(items)
  }

  /// A plain text from the position on, with the lines below that are further in than the margin; nil where a mapping stands.
  private mutating func plain(of margin: Int) -> FrontMatterValue? {
    var parts: [String] = []
    var isFirst = true
    while !isAtEnd, isFirst || isBlankLine || indent > margin {
      if !isFirst { skipSpaces() }
      let begin = position
      while let byte = next, byte != Self.newline, !(byte == Self.hash && isBlank(before: position)) {
        if byte == Self.colon, isBreak(1) { return nil }
        position += 1
      }
      var end = position
      while end > begin, bytes[end - 1] == Self.space || bytes[end - 1] == Self.tab { end -= 1 }
      if end > begin { parts.append(string(begin..<end)) }
      let isCommented = next == Self.hash
      advance()
      isFirst = false
      guard isCommented else { continue }
      // A comment ends a plain text: what follows further in is no part of it, also behind empty lines.
      skipEmptyLines()
      if !isAtEnd, indent > margin { return nil }
      break
    }
    let text = parts.joined(separator: " ")
    return Self.isNull(text) ? .null : .text(text)
  }

  /// Whether a plain text means that there is no value.
  static func isNull(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

  /// A block text (`|`, `>`): the lines below that are further in than the margin. Its header is at the position.
  private mutating func blockText(of margin: Int) -> FrontMatterValue {
    let isFolded = next == UInt8(ascii: ">")
    advance()
    var lines: [String] = []
    while !isAtEnd, isBlankLine || indent > margin {
      skipSpaces()
      let begin = position
      while let byte = next, byte != Self.newline { position += 1 }
      lines.append(string(begin..<position))
      advance()
    }
    return .text(lines.joined(separator: isFolded ? " " : "\n"))
  }

  /// Passes over a value whose form is not read, by its margin.
  private mutating func skipBlock(of margin: Int) -> FrontMatterValue {
    advance()
    while !isAtEnd, isBlankLine || indent > margin || indent == margin && byte(margin) == Self.dash && isBreak(margin + 1) {
      advance()
    }
    return .other
  }

  /// Passes over a mapping or a list inside of another value, from the position on. Texts in quotation marks and block texts in it are
  /// recognised, because their lines may look like anything.
  private mutating func skipMapping(of margin: Int) throws(CardProblem) -> FrontMatterValue {
    var isFirst = true
    lines: while !isAtEnd, isFirst || isEmptyLine || indent > margin {
      if !isFirst { skipSpaces() }
      isFirst = false
      while next == Self.dash, isBreak(1) {
        position += 1
        skipSpaces()
      }
      let column = position - startOfLine
      var isStart = true
      while let byte = next, byte != Self.newline, !(byte == Self.hash && isBlank(before: position)) {
        if isStart, byte == Self.quote || byte == Self.apostrophe {
          _ = try quoted()
        } else if isStart, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
          _ = try flow()
        } else if isStart, byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">") {
          _ = blockText(of: column)
          continue lines
        } else if byte == Self.colon, isBreak(1) {
          position += 1
          skipSpaces()
          isStart = true
          continue
        } else {
          position += 1
        }
        isStart = false
      }
      advance()
    }
    return .other
  }

  /// The position of the first byte of the line.
  private var startOfLine: Int {
    var start = position
    while start > 0, bytes[start - 1] != Self.newline { start -= 1 }
    return start
  }

  /// Whether the byte before a position is white space or the end of a line.
  func isBlank(before position: Int) -> Bool {
    guard position > 0 else { return true }
    let byte = bytes[position - 1]
    return byte == Self.space || byte == Self.tab || byte == Self.newline
  }
}
