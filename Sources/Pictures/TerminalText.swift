/// Text from files made safe to print: names of tensors are untrusted bytes.
package enum TerminalText {
  /// `text` with control characters and marks that change the direction of text written as `\u{…}`.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    return text.unicodeScalars.map { isUnsafe($0) ? "\\u{" + String($0.value, radix: 16) + "}" : String($0) }.joined()
  }

  /// Breaks `text` at spaces into lines of at most `width` columns. A longer word gets a separate line. A number is not
  /// separated from its percent sign.
  package static func wrapped(_ text: String, width: Int) -> String {
    var lines: [String] = []
    var line = ""
    var words: [String] = []
    for word in text.split(separator: " ") {
      if word.first == "%", let number = words.popLast() { words.append(number + " " + word) } else { words.append(String(word)) }
    }
    for word in words {
      if !line.isEmpty, columns(of: line) + 1 + columns(of: word) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Short texts on lines of at most `width` columns, with three spaces between them.
  package static func joined(_ texts: [String], width: Int) -> String {
    var lines: [String] = []
    for text in texts {
      if let last = lines.last, columns(of: last) + 3 + columns(of: text) <= width {
        lines[lines.count - 1] = last + "   " + text
      } else {
        lines.append(text)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The number of columns of `text` in a terminal: two for wide East Asian letters and for pictures, none for marks that are
  /// drawn onto the letter before. Source: Unicode Standard Annex 11, the wide blocks as ranges.
  package static func columns(of text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

  private static func columns(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first, scalar.value >= 0x300 else { return 1 }
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
  ]

  /// `text` in at most `width` columns. In a longer text, `…` replaces the middle.
  package static func cut(_ text: String, to width: Int) -> String {
    guard columns(of: text) > width else { return text }
    let head = (width - 1) / 2
    return prefix(of: text, head) + "…" + String(prefix(of: String(text.reversed()), width - 1 - head).reversed())
  }

  /// Each of `texts` in at most `width` columns, or in as many more as are needed to keep different texts different.
  ///
  /// If a cut in the middle makes two texts equal, the folder or prefix that all long texts share is cut first. Texts that would need
  /// more than a hundred columns more get a number behind them. Cost: O(texts) for each width that is tried, at most a hundred.
  package static func cut(_ texts: [String], to width: Int) -> [String] {
    guard texts.contains(where: { columns(of: $0) > width }) else { return texts }
    let different = Set(texts).count
    let whole = texts.map { cut($0, to: width) }
    if Set(whole).count == different { return whole }
    let prefix = sharedPrefix(of: texts.filter { columns(of: $0) > width })
    let shorter = texts.map { !prefix.isEmpty && $0.hasPrefix(prefix) ? "…" + $0.dropFirst(prefix.count) : $0 }
    for wider in max(width, 2)...max(width, 2) + 100 {
      let cut = shorter.map { Self.cut($0, to: wider) }
      if Set(cut).count == different { return cut }
    }
    return numbered(whole, of: texts)
  }

  /// Short texts, with a number where several stand for different ones of `texts`: "a…z #2".
  package static func numbered(_ short: [String], of texts: [String]) -> [String] {
    let groups = Dictionary(grouping: Set(texts.indices.map { [short[$0], texts[$0]] }), by: { $0[0] })
    guard groups.count < texts.count else { return short }
    return texts.indices.map { i in
      let others = (groups[short[i]] ?? []).map { $0[1] }.sorted()
      return others.count == 1 ? short[i] : "\(short[i]) #\((others.firstIndex(of: texts[i]) ?? 0) + 1)"
    }
  }

  /// The common prefix of `texts`, up to its last slash or point.
  private static func sharedPrefix(of texts: [String]) -> String {
    guard var shared = texts.first.map({ Array($0) }) else { return "" }
    for text in texts { shared = zip(shared, text).prefix { $0 == $1 }.map(\.0) }
    guard let end = shared.lastIndex(where: { $0 == "/" || $0 == "." }) else { return "" }
    return String(shared[...end])
  }

  /// As many characters as fit in `width` columns.
  private static func prefix(of text: String, _ width: Int) -> String {
    var left = width
    return String(
      text.prefix { character in
        left -= columns(of: character)
        return left >= 0
      })
  }

  package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    // A lookup in the table of categories is slow, and printable ASCII does not need it.
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
    default: false
    }
  }
}
