import Pictures

/// A report as one HTML file: style, script, pictures and data are in it, and it may fetch nothing.
///
/// It reads in light and dark, on paper, without its script (which sorts tables, names cells that are pointed at and saves the data),
/// and to somebody who hears it.
struct Page {
  /// For the window's title.
  var title: String
  /// What comes before everything else.
  var head: [Markup]
  var sections: [Section]
  /// The document of `--format json`, where it is small enough to be carried along.
  var data: JSONText?

  /// A part with a heading.
  struct Section {
    var title: String
    /// One line on how to read it.
    var note = ""
    var content: [Markup]
    /// Folded until it is asked for: long tables.
    var isFolded = false
  }

  /// Rows of a table and of data that a page carries; beyond, files of other formats have the rest.
  static let mostRows = 5000

  /// The file.
  var text: String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    let cells = Markup.style(HeatScale.paper.rules(-100...100))
    let dark = Markup.style(["@media screen and (prefers-color-scheme: dark){"] + HeatScale.dark.rules(-100...100) + ["}"])
    let heading = Markup.element(
      "head", [:],
      [
        .empty("meta", ["charset": "utf-8"]),
        .empty("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
        .empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .empty("meta", ["name": "color-scheme", "content": "light dark"]),
        .empty("meta", ["name": "generator", "content": "unmask"]),
        .element("title", [:], [.words(title)]), Self.style, cells, dark,
      ])
    var body = [Markup.element("header", [:], head)]
    body.append(.element("main", [:], sections.filter { !$0.content.isEmpty }.map(\.markup)))
    body.append(.element("footer", [:], footer))
    if let data { body.append(.data(data, "id", "data")) }
    body.append(Self.script)
    return "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [heading, .element("body", [:], body)]).source + "\n"
  }

  private var footer: [Markup] {
    let words =
      data == nil
      ? "Made by unmask from the weights alone. The data are too large for this page; --format json writes them."
      : "Made by unmask from the weights alone."
    let button = Markup.element("button", ["type": "button", "id": "save", "hidden": ""], [.words("save as JSON")])
    let saving = Markup.element("span", ["class": "screen"], [.words(" This page contains its data: "), button])
    return [.element("p", [:], data == nil ? [.words(words)] : [.words(words), saving])]
  }
}

extension Page.Section {
  fileprivate var markup: Markup {
    let heading = Markup.element("h2", [:], [.words(title)])
    let note = note.isEmpty ? [] : [Markup.element("p", ["class": "note"], [.words(note)])]
    guard isFolded else { return .element("section", [:], [heading] + note + content) }
    return .element(
      "section", [:], [.element("details", [:], [.element("summary", [:], [heading])] + note + content)])
  }
}

extension Markup {
  /// The figures that sum something up, each with its name.
  static func figures(_ pairs: [(name: String, value: String)]) -> Markup {
    element(
      "dl", ["class": "figures"],
      pairs.map { pair in
        element("div", [:], [element("dt", [:], [words(pair.name)]), element("dd", [:], [words(pair.value)])])
      })
  }

  /// A paragraph.
  static func paragraph(_ text: String, _ kind: String = "") -> Markup { element("p", ["class": kind], [words(text)]) }

  /// A list of lines.
  static func list(_ lines: [String]) -> Markup { element("ul", [:], lines.map { element("li", [:], [words($0)]) }) }

  /// What to know before believing the rest.
  static func warnings(_ lines: [String]) -> [Markup] {
    lines.isEmpty
      ? [] : [element("aside", ["class": "warnings", "aria-label": "warnings"], lines.map { paragraph("Warning: " + $0) })]
  }
}
