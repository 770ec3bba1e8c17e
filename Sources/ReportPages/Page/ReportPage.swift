package import Pictures
package import TextFormats

/// A page in the style of all reports, for targets above this one; see `Page`.
package enum ReportPage {
  /// A part with a heading and one line on how to read it.
  package typealias Section = (title: String, note: String, content: [Markup])

  /// The file. `data`: the document of `--format json`, if it is small enough to be included; `end`: a script after the sections.
  package static func text(title: String, head: [Markup], sections: [Section], data: JSONText?, end: Markup) -> String {
    Page(
      title: title, head: head,
      sections: sections.enumerated().map { number, section in
        let content = section.content + (number == sections.count - 1 ? [end] : [])
        return Page.Section(title: section.title, note: section.note, content: content)
      }, data: data
    ).text
  }

  /// Edges up to which a page includes its data.
  package static var mostRows: Int { Page.mostRows }

  /// The summary figures, each with its name.
  package static func figures(_ pairs: [(name: String, value: String)]) -> Markup { .figures(pairs) }
}
