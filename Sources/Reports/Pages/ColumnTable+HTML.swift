import Pictures
import TextFormats

extension ColumnTable {
  /// The cells as a table that the page's script can sort, in a box that scrolls if the table is too wide. Rows after the first
  /// `most` are left out; the caption then says so, and `rest` says where to find them.
  func html(caption: String, most: Int = .max, rest: String = "", rowClass: (Int) -> String = { _ in "" }) -> Markup {
    let left = rows.count - most
    let words = left > 0 ? "\(caption): the first \(Figures.grouped(most)), \(Figures.grouped(left)) more in \(rest)" : caption
    let head = columns.map { column in
      Markup.element("th", ["scope": "col", "class": column.isNumber ? "number" : ""], [.words(column.title)])
    }
    let body = rows.prefix(most).enumerated().map { place, row in
      Markup.element(
        "tr", ["class": rowClass(place)],
        zip(columns, row).enumerated().map { i, cell in
          if i == 0, !cell.0.isNumber { return .element("th", ["scope": "row"], [.words(cell.1)]) }
          return .element("td", ["class": cell.0.isNumber ? "number" : ""], [.words(cell.1)])
        })
    }
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption],
      [
        .element(
          "table", ["class": "sortable"],
          [
            .element("caption", [:], [.words(words)]), .element("thead", [:], [.element("tr", [:], head)]),
            .element("tbody", [:], body),
          ])
      ])
  }
}
