import Pictures

/// Rows of cells as comma-separated text. Cells are quoted where RFC 4180 requires it. Lines end with LF, so that shell tools
/// see no carriage return in the last cell.
///
/// Names are untrusted, and a table is printed on terminals and opened in spreadsheets. Control characters and direction marks
/// are written as `\u{…}`, so that a row is always one line. A spreadsheet takes a cell for a formula if it begins with =, +, -
/// or @ and is not a number; such a cell gets an apostrophe in front. The JSON documents keep every name unchanged.
package enum CSVText {
  /// One row, with its line ending.
  package static func row(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",") + "\n"
  }

  /// A number as the shortest decimal that reads back as the same double; empty if it is undefined.
  package static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value.description
  }

  package static func number(_ value: Int?) -> String { value.map { String($0) } ?? "" }

  private static func cell(_ raw: String) -> String {
    var text = TerminalText.escaped(raw)
    if let first = text.unicodeScalars.first, formulaMarks.contains(first), Double(text) == nil { text = "'" + text }
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
    // Work on scalars: a quote with a combining accent is another Character in Swift, but a CSV reader still sees a quote.
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// The characters that start a formula, including the full-width forms that some spreadsheets accept.
  private static let formulaMarks: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
}
