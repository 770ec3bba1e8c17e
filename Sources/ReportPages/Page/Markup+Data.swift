import Pictures
import TextFormats

extension Markup {
  /// A data document for a script or a person, with one attribute that names its content. No data in it can end the element.
  static func data(_ document: JSONText, _ key: StaticString, _ value: String) -> Markup {
    // In JSON, a "<" occurs only in strings, and there it may be written as its code.
    let text = document.text.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return .data(text, key, value)
  }
}
