import Pictures

/// Rows of cells as comma-separated text: quoted where RFC 4180 wants it, lines ended by LF so that shell tools see no
/// carriage return in the last cell.
///
/// Names are anybody's, and a table is printed on terminals and opened in spreadsheets: control characters and marks of direction are
/// written as `\u{…}`, so that a row is always one line, and a cell that a spreadsheet would take for a formula (it begins with =, +, - or
/// @ and is no number) has an apostrophe in front. The JSON documents have every name as it is.
enum CSVText {
  /// One row, with its line end.
  static func row(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",") + "\n"
  }

  /// A number as the shortest decimal that reads back as the same double; empty where it is undefined.
  static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value.description
  }

  static func number(_ value: Int?) -> String { value.map { String($0) } ?? "" }

  private static func cell(_ raw: String) -> String {
    var text = TerminalText.escaped(raw)
    if let first = text.unicodeScalars.first, formulaMarks.contains(first), Double(text) == nil { text = "'" + text }
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
    // By scalars: a quote with an accent on it is another character, and still a quote to who reads the file.
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// What makes a cell a formula, with the full-width forms that some spreadsheets take for the same.
  private static let formulaMarks: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
}
