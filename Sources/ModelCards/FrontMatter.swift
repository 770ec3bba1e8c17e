/// The entries of a model card's front matter that somebody asked for, by their keys.
///
/// The front matter is the YAML between two lines `---` at the beginning of the file. Read are the forms that cards have: a mapping whose
/// values are plain, quoted or block texts, and lists of them in both styles. Whatever else a value holds is passed over; where a line cannot
/// be understood, the front matter as a whole is not: a key inside of a text must not become a declaration. Anchors are not
/// followed, so no text is longer than the file. O(bytes), whatever they are.
///
/// A library was tried and left out: with Yams 6.2.2, which needs Foundation, the program has 73 MB instead of 34, and a first build takes
/// 18 s more.
struct FrontMatter {
  private var entries: [String: FrontMatterValue] = [:]

  subscript(key: String) -> FrontMatterValue? { entries[key] }

  /// The text between the two lines, with `\n` as the end of every line; nil for a file that does not begin so.
  static func text(of bytes: [UInt8], isWhole: Bool) throws(CardProblem) -> FrontMatterText? {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let before = rest.prefix(while: isSpace)
    rest = rest.dropFirst(before.count)
    guard rest.starts(with: "---".utf8) else { return nil }
    // Both ends of a line, and the old one of a lone CR, become LF.
    var lines: [UInt8] = []
    lines.reserveCapacity(rest.count)
    var wasReturn = false
    for byte in rest {
      if byte == UInt8(ascii: "\r") {
        lines.append(UInt8(ascii: "\n"))
      } else if !(byte == UInt8(ascii: "\n") && wasReturn) {
        lines.append(byte)
      }
      wasReturn = byte == UInt8(ascii: "\r")
    }
    var text = FrontMatterText(lines, firstLine: 1 + before.count { $0 == UInt8(ascii: "\n") })
    guard text.isMarker else { return nil }
    text.advance()
    let start = text
    while !text.isAtEnd {
      if text.isMarker {
        guard String(validating: lines[start.position..<text.position], as: UTF8.self) != nil else { throw .notUTF8 }
        return FrontMatterText(Array(lines[start.position..<text.position]), firstLine: start.line)
      }
      text.advance()
    }
    throw isWhole ? .noEnd : .tooLong(limit: bytes.count)
  }

  /// The entries with these keys. Throws when a line cannot be understood, or when one of the keys stands twice.
  init(_ text: FrontMatterText, keys: Set<String>) throws(CardProblem) {
    var text = text
    text.skipEmptyLines()
    let margin = text.indent
    while !text.isAtEnd {
      guard text.indent == margin else { throw .notUnderstood(line: text.line) }
      let key = try text.key()
      let value = try text.value(of: margin, isEntry: true)
      if keys.contains(key) {
        guard entries.updateValue(value, forKey: key) == nil else { throw .repeatedKey(key) }
      }
      text.skipEmptyLines()
    }
  }
}
