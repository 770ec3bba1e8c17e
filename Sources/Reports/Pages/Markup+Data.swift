import Pictures

extension Markup {
  /// A document of data that a script or a person may read, with one attribute that says what it is: nothing in it can end the
  /// element.
  static func data(_ document: JSONText, _ key: StaticString, _ value: String) -> Markup {
    // Within JSON, a "<" stands in strings alone, and there it may be written as its number.
    let text = document.text.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return .data(text, key, value)
  }
}
