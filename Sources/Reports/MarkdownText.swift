import Pictures

/// Text from files made safe for Markdown pages, whatever draws them.
enum MarkdownText {
  /// `text` as plain words: no mark-up, no HTML, no link, no end of a table's cell.
  static func escaped(_ text: String) -> String {
    var out = ""
    // By scalars: a mark with an accent on it is another character, and still a mark.
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "|", "`", "[", "]", "*", "~": out += "\\\(scalar)"
      // Our own escapes begin with a backslash, which is not to be doubled: before a letter it stands for itself.
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// `text` as a span of code; backticks, which would end it, are left out.
  static func code(_ text: String) -> String {
    var out = "`"
    for scalar in TerminalText.escaped(text).unicodeScalars where scalar != "`" { out.unicodeScalars.append(scalar) }
    return out + "`"
  }
}
