import Pictures

/// Text in messages of SARIF: plain text in which braces are placeholders and brackets are links (SARIF 2.1.0, sections 3.11.5 and 3.11.6).
enum SARIFText {
  /// `text` as a message that shows it as it is. Names of models are untrusted: control characters become visible, and nothing is a link.
  static func plain(_ text: String) -> String {
    var out = ""
    // By scalars: a bracket with a combining mark is another Character, and still a bracket to a viewer.
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "{": out += "{{"
      case "}": out += "}}"
      case "[", "]", "\\": out += "\\\(scalar)"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
