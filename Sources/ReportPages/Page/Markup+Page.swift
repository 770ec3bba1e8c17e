import Pictures

extension Markup {
  /// The summary figures, each with its name.
  static func figures(_ pairs: [(name: String, value: String)]) -> Markup {
    element(
      "dl", ["class": "figures"],
      pairs.map { pair in
        element("div", [:], [element("dt", [:], [words(pair.name)]), element("dd", [:], [words(pair.value)])])
      })
  }

  /// A paragraph.
  static func paragraph(_ text: String, _ kind: String = "") -> Markup {
    kind.isEmpty ? element("p", [:], [words(text)]) : element("p", ["class": kind], [words(text)])
  }

  /// A list of lines.
  static func list(_ lines: [String]) -> Markup { element("ul", [:], lines.map { element("li", [:], [words($0)]) }) }

  /// A list of lines with numbers.
  static func numbered(_ lines: [String]) -> Markup { element("ol", [:], lines.map { element("li", [:], [words($0)]) }) }

  /// The warnings, which a reader should know before the rest.
  static func warnings(_ lines: [String]) -> [Markup] {
    lines.isEmpty
      ? [] : [element("aside", ["class": "warnings", "aria-label": "warnings"], lines.map { paragraph("Warning: " + $0) })]
  }
}
