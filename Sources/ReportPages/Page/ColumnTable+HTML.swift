import Pictures
import TextFormats

extension ColumnTable {
  /// The number of rows that a page shows at first; its script shows more. Without the script all rows are shown.
  static let rowsAtFirst = 500
  /// The number of rows that are printed.
  static let rowsOnPaper = 40

  /// The cells as a table that the page's script can sort and filter, in a box that scrolls if the table is too wide. Rows after the
  /// first `most` are left out; the caption then says so, and `rest` says where to find them. `long`: columns of long texts, which may
  /// break anywhere.
  func html(
    caption: String, most: Int = .max, rest: String = "", long: Set<Int> = [], rowClass: (Int) -> String = { _ in "" }
  ) -> Markup {
    let left = rows.count - most
    let words = left > 0 ? "\(caption): the first \(Figures.grouped(most)), \(Figures.grouped(left)) more in \(rest)" : caption
    let kinds = columns.indices.map { columns[$0].isNumber ? "number" : long.contains($0) ? "long" : "" }
    let head = zip(columns, kinds).map { column, kind in
      kind.isEmpty
        ? Markup.element("th", ["scope": "col"], [.words(column.title)])
        : Markup.element("th", ["scope": "col", "class": kind], [.words(column.title)])
    }
    let body = rows.prefix(most).enumerated().map { place, row -> Markup in
      let cells = row.indices.map { i -> Markup in
        if i == 0, !columns[0].isNumber { return .element("th", ["scope": "row"], [.words(row[i])]) }
        return kinds[i].isEmpty ? .element("td", [:], [.words(row[i])]) : .element("td", ["class": kinds[i]], [.words(row[i])])
      }
      let kind = [rowClass(place), place >= Self.rowsOnPaper ? "late" : "", place >= Self.rowsAtFirst ? "rest" : ""]
        .filter { !$0.isEmpty }.joined(separator: " ")
      return kind.isEmpty ? .element("tr", [:], cells) : .element("tr", ["class": kind], cells)
    }
    let paper =
      rows.count > Self.rowsOnPaper
      ? [Markup.element("span", ["class": "paper"], [.words("; on paper the first \(Self.rowsOnPaper)")])] : []
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      [
        .element(
          "table",
          ["class": "sortable", "data-first": String(Self.rowsAtFirst), "data-paper": String(Self.rowsOnPaper)],
          [
            .element("caption", [:], [.words(words)] + paper), .element("thead", [:], [.element("tr", [:], head)]),
            .element("tbody", [:], body),
          ])
      ])
  }
}
