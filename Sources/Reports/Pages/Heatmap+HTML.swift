import Pictures

extension Heatmap {
  /// Cells that a page keeps as figures for whoever points at them.
  private static let mostFigures = 250_000

  /// The picture within a page, and the figures that its script shows. `id` is unique in the page.
  func html(id: String) -> [Markup] {
    let map = reduced()
    let picture = Markup.element("div", ["class": "scroll", "id": id], [svg(id: id + "-map", isFile: false)])
    guard map.rows.count * map.columns.count <= Self.mostFigures else { return [picture] }
    return [picture, .data(map.figures, "data-map", id + "-map")]
  }

  /// Names and cells to four decimals.
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
