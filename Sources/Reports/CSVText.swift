/// Rows of cells as comma-separated text: quoted where RFC 4180 wants it, lines ended by LF so that shell tools see no
/// carriage return in the last cell.
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

  private static func cell(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
