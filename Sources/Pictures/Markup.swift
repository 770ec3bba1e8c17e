/// A piece of HTML or SVG in which text cannot become markup: names of tensors and models are untrusted bytes.
///
/// ```swift
/// Markup.element("td", ["class": "number"], [.words(tensor.name)])
/// ```
///
/// Names of elements and attributes are literals of the program; their type enforces this. All other text is escaped. Invisible
/// characters and characters that change the text direction are written as escapes, as in a terminal.
package struct Markup: Sendable {
  package private(set) var source: String

  private init(source: String) { self.source = source }

  /// Text, escaped.
  package static func words(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// Markup that is a literal in the program's source.
  package static func trusted(_ source: StaticString) -> Markup { Markup(source: source.description) }

  /// A style sheet that the program computed from numbers.
  package static func style(_ rules: [String]) -> Markup { element("style", [:], [words(rules.joined())]) }

  /// An element that holds data in JSON, with one attribute that names its content. `json` has no "<", which could end the
  /// element.
  package static func data(_ json: String, _ key: StaticString, _ value: String) -> Markup {
    precondition(!json.utf8.contains(UInt8(ascii: "<")), "a \"<\" in JSON is written as its number")
    return Markup(
      source: opening("script", ["type": "application/json"]).dropLast() + " \(key)=\"\(escaped(value))\">\(json)</script>")
  }

  /// An element around `children`.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    var source = opening(name, attributes)
    for child in children { source += child.source }
    return Markup(source: source + "</\(name)>")
  }

  /// An element that is empty in HTML (`meta`, `img`) or may be in SVG.
  package static func empty(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) -> Markup {
    var source = opening(name, attributes)
    source.removeLast()
    return Markup(source: source + "/>")
  }

  /// Pieces one after another.
  package static func group(_ pieces: [Markup]) -> Markup { Markup(source: pieces.map(\.source).joined()) }

  private static func opening(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) -> String {
    var source = "<\(name)"
    for (key, value) in attributes { source += " \(key)=\"\(escaped(value))\"" }
    return source + ">"
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      // These are not characters, and XML does not allow them.
      case "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
