/// Reads a Python regular expression from left to right, as far as ``ModulePattern`` supports it.
struct PatternReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The expression, or nil when it is invalid or not supported.
  mutating func pattern() -> PatternTree? {
    guard bytes.allSatisfy({ $0 < 128 }), let tree = alternatives(depth: 0), position == bytes.count else { return nil }
    return tree
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func alternatives(depth: Int) -> PatternTree? {
    guard depth < 100 else { return nil }
    var options: [PatternTree] = []
    repeat {
      guard let option = sequence(depth: depth) else { return nil }
      options.append(option)
    } while take("|")
    return .alternatives(options)
  }

  private mutating func sequence(depth: Int) -> PatternTree? {
    var parts: [PatternTree] = []
    while let byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      guard let part = atom(depth: depth) else { return nil }
      guard let bounds = repetition() else {
        parts.append(part)
        continue
      }
      switch part {
      case .start, .end: return nil
      default: break
      }
      // Lazy repeats match the same names; possessive ones do not, and two in a row are invalid.
      _ = take("?")
      let after = position
      guard self.byte != UInt8(ascii: "+"), repetition() == nil, after == position, bounds.least <= bounds.most ?? .max,
        max(bounds.least, bounds.most ?? 0) <= 1000
      else { return nil }
      parts.append(.repetition(part, least: bounds.least, most: bounds.most))
    }
    return .sequence(parts)
  }

  /// `*`, `+`, `?`, `{m}`, `{m,}`, `{,n}` or `{m,n}`; nil, and nothing read, when there is none.
  private mutating func repetition() -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    if take("{") {
      let least = number()
      if let least, take("}") { return (least, least) }
      if take(",") {
        let most = number()
        // `{,}` is the same as `*`.
        if take("}") { return (least ?? 0, most) }
      }
    }
    position = start
    return nil
  }

  /// A decimal number. Numbers above a million become a million, which is refused.
  private mutating func number() -> Int? {
    var value: Int?
    while let byte, ByteSet.digits.contains(byte) {
      value = min((value ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000)
      position += 1
    }
    return value
  }

  private mutating func atom(depth: Int) -> PatternTree? {
    guard let byte else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "."): return .bytes(ByteSet([10]).inverted)
    case UInt8(ascii: "^"): return .start
    case UInt8(ascii: "$"): return .end
    case UInt8(ascii: "\\"):
      if take("A") { return .start }
      if take("Z") { return .end }
      return escape().map { .bytes($0.set) }
    case UInt8(ascii: "["): return characterClass()
    case UInt8(ascii: "("):
      if take("?"), !take(":") { return nil }
      guard let inside = alternatives(depth: depth + 1), take(")") else { return nil }
      return inside
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
    default:
      // A brace that begins no repetition is a literal character; one that begins a repetition has nothing to repeat here.
      position -= 1
      if byte == UInt8(ascii: "{"), repetition() != nil { return nil }
      position += 1
      return .bytes(ByteSet([byte]))
    }
  }

  /// The set of bytes after a backslash, and the byte when the set is a single one.
  private mutating func escape() -> (set: ByteSet, single: UInt8?)? {
    guard let byte else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "d"): return (.digits, nil)
    case UInt8(ascii: "D"): return (ByteSet.digits.inverted, nil)
    case UInt8(ascii: "w"): return (.words, nil)
    case UInt8(ascii: "W"): return (ByteSet.words.inverted, nil)
    case UInt8(ascii: "s"): return (.spaces, nil)
    case UInt8(ascii: "S"): return (ByteSet.spaces.inverted, nil)
    case let other where ByteSet.letters.contains(other) || ByteSet.digits.contains(other): return nil
    default: return (ByteSet([byte]), byte)
    }
  }

  private mutating func characterClass() -> PatternTree? {
    let isInverted = take("^")
    var set = ByteSet()
    var isFirst = true
    // A closing bracket at the start of a class is one of its characters.
    while let byte, byte != UInt8(ascii: "]") || isFirst {
      isFirst = false
      guard let low = member() else { return nil }
      guard self.byte == UInt8(ascii: "-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]") else {
        set.formUnion(low.set)
        continue
      }
      position += 1
      guard let high = member(), let first = low.single, let last = high.single, first <= last else { return nil }
      set.formUnion(ByteSet(first...last))
    }
    return take("]") ? .bytes(isInverted ? set.inverted : set) : nil
  }

  private mutating func member() -> (set: ByteSet, single: UInt8?)? {
    guard let byte else { return nil }
    position += 1
    return byte == UInt8(ascii: "\\") ? escape() : (ByteSet([byte]), byte)
  }
}
