/// Colours for a terminal, or none.
package struct Palette: Sendable {
  private let isOn: Bool

  /// Colours, or none.
  package init(colours isOn: Bool) { self.isOn = isOn }

  package func bold(_ text: String) -> String { paint(text, "1") }
  package func faint(_ text: String) -> String { paint(text, "2") }

  /// Bold red, for a relation that the search found.
  package func found(_ text: String) -> String { paint(text, "1;31") }
  /// Bold green, for a relation that the search did not find.
  package func absent(_ text: String) -> String { paint(text, "1;32") }
  /// Bold yellow, for an unknown result.
  package func unknown(_ text: String) -> String { paint(text, "1;33") }

  /// The text of an error.
  package func alarm(_ text: String) -> String { paint(text, "31") }

  /// A cell of a heatmap: its shade in the colour of its level, on a background of the same colour.
  package func heat(level: Int, _ text: String) -> String {
    guard isOn else { return text }
    let code = Self.codes[level + 100]
    return paint(text, "38;5;\(code);48;5;\(code)")
  }

  private static let codes: [Int] = (-100...100).map { HeatScale.dark.colour(level: $0).terminalCode }

  private func paint(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
