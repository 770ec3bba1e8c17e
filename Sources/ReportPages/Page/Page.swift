import Pictures
import TextFormats

/// A report as one HTML file. Style, script, pictures and data are in the file, and it may not fetch anything.
///
/// The page works in light and dark mode, on paper, with a screen reader and without its script. The script sorts and filters tables,
/// shows the names of a cell under the pointer and saves the data.
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
    /// How the content is laid out where there is room.
    enum Layout: Equatable {
      /// One below the other.
      case stacked
      /// Side by side, as pictures are.
      case grid
      /// The whole section stands beside the next one of this layout.
      case half
    }

    var title: String
    /// One line that explains how to read the section.
    var note = ""
    var content: [Markup]
    /// True for long tables: the section is folded until the reader opens it. A folded section is not printed.
    var isFolded = false
    var layout = Layout.stacked
  }

  /// The maximum number of rows of a table in a page. Files of other formats have the rest.
  static let mostRows = 10_000

  /// The maximum number of rows of the data in a page.
  static let mostData = 10_000

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
        .element("title", [:], [.words(title)]), Self.style, Self.styleWithoutScript, cells, dark,
      ])
    var body = [Markup.element("header", [:], head)]
    body.append(.element("main", [:], laidOut))
    body.append(.element("footer", [:], footer))
    if let data { body.append(.data(data, "id", "data")) }
    body.append(Self.script)
    return "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [heading, .element("body", [:], body)]).source + "\n"
  }

  /// The sections with content; neighbours that are halves stand in one box.
  private var laidOut: [Markup] {
    let shown = sections.filter { !$0.content.isEmpty }
    var (out, halves): ([Markup], [Markup]) = ([], [])
    for (number, section) in shown.enumerated() {
      guard section.layout == .half else {
        out.append(section.markup)
        continue
      }
      halves.append(section.markup)
      if number + 1 < shown.count, shown[number + 1].layout == .half { continue }
      out.append(.element("div", ["class": "halves"], halves))
      halves = []
    }
    return out
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
    let content = layout == .grid ? [Markup.element("div", ["class": "grid"], content)] : content
    guard isFolded else { return .element("section", [:], [heading] + note + content) }
    let paper = Markup.element("span", ["class": "paper"], [.words(" (folded, so not printed)")])
    return .element(
      "section", [:], [.element("details", [:], [.element("summary", [:], [heading, paper])] + note + content)])
  }
}
