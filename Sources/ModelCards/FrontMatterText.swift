/// The text of a front matter, read from its beginning to its end.
///
/// Positions are offsets in `bytes`, whose lines end with LF. Between two calls, `position` is the beginning of a line, except
/// behind a key or the mark of an item, where the value follows.
struct FrontMatterText {
  let bytes: [UInt8]
  var position = 0
  /// The number of the current line in the file, from 1.
  private(set) var line: Int

  init(_ bytes: [UInt8], firstLine: Int) { (self.bytes, line) = (bytes, firstLine) }

  var isAtEnd: Bool { position >= bytes.count }
  /// The byte at the position; nil at the end.
  var next: UInt8? { byte(0) }

  /// The byte so many behind the position; nil behind the end.
  func byte(_ offset: Int) -> UInt8? { position + offset < bytes.count ? bytes[position + offset] : nil }

  /// Whether the byte at an offset is white space or the end of the line.
  func isBreak(_ offset: Int) -> Bool {
    guard let byte = byte(offset) else { return true }
    return byte == Self.space || byte == Self.tab || byte == Self.newline
  }

  /// Whether the line is `---` alone.
  var isMarker: Bool {
    guard byte(0) == Self.dash, byte(1) == Self.dash, byte(2) == Self.dash else { return false }
    var offset = 3
    while let byte = byte(offset), byte != Self.newline {
      guard byte == Self.space || byte == Self.tab else { return false }
      offset += 1
    }
    return true
  }

  /// Spaces before the first other character of the line.
  var indent: Int {
    var count = 0
    while byte(count) == Self.space { count += 1 }
    return count
  }

  /// Whether the line, from the position on, has nothing but white space and a comment. A comment at the position needs no space before it:
  /// the position is the beginning of a line, or behind a space.
  var isEmptyLine: Bool {
    var offset = 0
    while let byte = byte(offset), byte == Self.space || byte == Self.tab { offset += 1 }
    return byte(offset) == nil || byte(offset) == Self.newline || byte(offset) == Self.hash
  }

  /// Whether the line is blank: white space alone.
  var isBlankLine: Bool {
    var offset = 0
    while let byte = byte(offset), byte == Self.space || byte == Self.tab { offset += 1 }
    return byte(offset) == nil || byte(offset) == Self.newline
  }

  /// Moves to the beginning of the next line.
  mutating func advance() {
    while let byte = next, byte != Self.newline { position += 1 }
    step()
  }

  /// Moves by one byte and counts lines.
  mutating func step() {
    if next == Self.newline { line += 1 }
    position += 1
  }

  mutating func skipEmptyLines() { while !isAtEnd, isEmptyLine { advance() } }

  mutating func skipSpaces() { while next == Self.space || next == Self.tab { position += 1 } }

  /// Moves to the next line; throws when something else than white space and a comment is left of this one.
  mutating func finishLine() throws(CardProblem) {
    let isSeparate = isBreak(0)
    skipSpaces()
    guard isAtEnd || next == Self.newline || next == Self.hash && isSeparate else { throw .notUnderstood(line: line) }
    advance()
  }

  /// The text of a range. The whole was checked to be UTF-8, and ranges end at ASCII characters.
  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let dash = UInt8(ascii: "-")
  static let hash = UInt8(ascii: "#")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let quote = UInt8(ascii: "\"")
  static let apostrophe = UInt8(ascii: "'")
  static let backslash = UInt8(ascii: "\\")
}
