/// A value of the front matter, as far as it is read.
enum FrontMatterValue: Equatable {
  /// No value, or `null`.
  case null
  case text(String)
  case list([FrontMatterValue])
  /// A mapping, an anchor, an alias, a tag: forms that no value of interest has.
  case other

  /// The texts of a text or of a list of texts, without white space around them; none of no value. Nil for other values.
  var texts: [String]? {
    switch self {
    case .null: return []
    case .text(let text): return [Self.trimmed(text)]
    case .list(let values):
      var found: [String] = []
      for value in values {
        switch value {
        case .text(let text): found.append(Self.trimmed(text))
        case .null: break
        case .list, .other: return nil
        }
      }
      return found
    case .other: return nil
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
