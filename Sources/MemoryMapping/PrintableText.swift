extension String {
  /// This text as one line that is safe to print: control, format (bidirectional marks too), separator and private
  /// characters, `"` and `\` are written as escapes, and text beyond `limit` characters is replaced by an ellipsis.
  ///
  /// ```swift
  /// "a\nb".printable          // a\nb, as four visible characters
  /// "x\u{202E}y".printable    // x\u{202e}y
  /// ```
  ///
  /// O(length), or O(`limit`) when that is less.
  package func printable(limit: Int = .max) -> String {
    var line = ""
    var written = 0
    for scalar in unicodeScalars {
      guard written < limit else { return line + "…" }
      written += 1
      switch scalar {
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case "\"", "\\": line += "\\\(scalar)"
      case " "..."~": line.unicodeScalars.append(scalar)
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
          line += "\\u{\(String(scalar.value, radix: 16))}"
        default: line.unicodeScalars.append(scalar)
        }
      }
    }
    return line
  }

  /// `printable(limit:)` without a limit.
  package var printable: String { printable() }
}
