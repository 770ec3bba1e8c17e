import Pictures

/// Text from files made safe for Markdown pages, in any renderer.
package enum MarkdownText {
  /// `text` as plain text: no markup, no HTML, no link, no end of a table cell.
  package static func escaped(_ text: String) -> String {
    var out = ""
    // Work on scalars: a markup character with a combining accent is another Character in Swift, but it is still markup.
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "|", "`", "[", "]", "*", "~": out += "\\\(scalar)"
      // The escapes of `TerminalText` begin with a backslash. It is not doubled: before a letter it is literal.
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// `text` as a span of code; backticks, which would end it, are left out.
  package static func code(_ text: String) -> String {
    var out = "`"
    for scalar in TerminalText.escaped(text).unicodeScalars where scalar != "`" { out.unicodeScalars.append(scalar) }
    return out + "`"
  }
}
