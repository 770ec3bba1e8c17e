import Pictures
import TextFormats

extension Heatmap {
  /// The maximum number of cells whose figures a page keeps, to show them under the pointer.
  private static let mostFigures = 250_000

  /// The picture for a page, and the figures that the page's script shows. `id` is unique in the page.
  func html(id: String) -> [Markup] {
    let map = reduced()
    let picture = Markup.element("div", ["class": "scroll", "id": id], [svg(id: id + "-map", isFile: false)])
    guard map.rows.count * map.columns.count <= Self.mostFigures else { return [picture] }
    return [picture, .data(map.figures, "data-map", id + "-map")]
  }

  /// Names, and cells with four decimals.
  var figures: JSONText {
    let rounded = { (value: Double?) -> JSONText in
      guard let value, value.isFinite else { return .null }
      return .number((value * 10_000).rounded() / 10_000)
    }
    return .object([
      "rows": .strings(rows.map(TerminalText.escaped)), "columns": .strings(columns.map(TerminalText.escaped)),
      "cells": .array(cells.map { .array($0.map(rounded)) }),
    ])
  }
}
