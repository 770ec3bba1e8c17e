import Lineage

/// Colours for a terminal, or none.
public struct Palette: Sendable {
  private let isOn: Bool

  /// Colours, or none.
  public init(colours isOn: Bool) { self.isOn = isOn }

  func bold(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }

  /// Kin in red, strangers in green, the undecided in yellow: the colours of an alarm, since kinship is what is looked for.
  func relation(_ relation: Relation, _ text: String) -> String {
    switch relation {
    case .identical, .derived, .merged, .partial: paint(text, "1;31")
    case .independent: paint(text, "1;32")
    case .insufficient: paint(text, "1;33")
    }
  }

  /// An error's text.
  func alarm(_ text: String) -> String { paint(text, "31") }

  /// A cell of a heatmap: its shade in the colour of its level, on the same colour.
  func heat(level: Int, _ text: String) -> String {
    guard isOn else { return text }
    let code = Self.codes[level + 100]
    return paint(text, "38;5;\(code);48;5;\(code)")
  }

  private static let codes: [Int] = (-100...100).map { HeatScale.dark.colour(level: $0).terminalCode }

  private func paint(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
