import Pictures
import TextFormats

/// A report as one HTML file. Style, script, pictures and data are in the file, and it may not fetch anything.
///
/// The page works in light and dark mode, on paper, with a screen reader and without its script. The script sorts tables, shows
/// the names of a cell under the pointer and saves the data.
struct Page {
  /// The title of the browser window.
  var title: String
  /// The content before everything else.
  var head: [Markup]
  var sections: [Section]
  /// The document of `--format json`, if it is small enough to be included.
  var data: JSONText?

  /// A part with a heading.
  struct Section {
    var title: String
    /// One line that explains how to read the section.
    var note = ""
    var content: [Markup]
    /// True for long tables: the section is folded until the reader opens it.
    var isFolded = false
  }

  /// The maximum number of rows of a table and of data in a page. Files of other formats have the rest.
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
  /// The summary figures, each with its name.
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

  /// The warnings, which a reader should know before the rest.
  static func warnings(_ lines: [String]) -> [Markup] {
    lines.isEmpty
      ? [] : [element("aside", ["class": "warnings", "aria-label": "warnings"], lines.map { paragraph("Warning: " + $0) })]
  }
}
