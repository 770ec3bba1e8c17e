extension Heatmap {
  /// A picture with more cells than this is drawn as pixels within the SVG. A cell takes sixty bytes, and twice that with its
  /// text.
  private static let mostElements = 20_000

  private var isDrawn: Bool { rows.count * columns.count <= Self.mostElements }

  /// The picture as an SVG file for white paper. It fetches nothing and has no script.
  package func svg() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg(id: "map", isFile: true).source + "\n"
  }

  /// The picture as a separate file or as a part of a page, whose style then colours it. `id` is unique in its page.
  package func svg(id: String, isFile: Bool) -> Markup {
    let map = reduced()
    let layout = HeatmapLayout(map)
    let (width, height) = (String(layout.size.width), String(layout.size.height))
    var parts: [Markup] = [
      .element("title", ["id": id + "-title"], [.words(title)]),
      .element("desc", ["id": id + "-desc"], [.words(map.description)]),
    ]
    if isFile {
      parts.append(.style(Self.fileStyle + HeatScale.paper.rules(map.levels.union(layout.levels).sorted())))
      parts.append(.empty("rect", ["width": width, "height": height, "fill": "#ffffff"]))
    }
    if layout.undefined != nil { parts.append(Self.pattern(id, pitch: layout.hatching)) }
    parts.append(map.isDrawn ? map.drawnCells(layout, id, isNamed: isFile) : map.image(layout))
    parts.append(map.lines(layout))
    parts.append(map.legend(layout, id))
    parts += layout.words.map(Markup.init)
    return .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "id": id, "class": "map", "viewBox": "0 0 \(width) \(height)", "width": width,
        "height": height, "data-x": String(layout.origin.x), "data-y": String(layout.origin.y), "data-cell": String(layout.cell),
        "role": "img", "aria-labelledby": "\(id)-title \(id)-desc",
      ], parts)
  }

  private static let fileStyle = [
    "text{font-family:system-ui,Helvetica,Arial,sans-serif}.ink{fill:#1e1e1e}.edge{fill:none;stroke:#969696}.rule{stroke:#1e1e1e}",
    ".hatch{stroke:#646464}.blank{fill:#ffffff}.grey{fill:#b0b0b0}",
  ]

  /// A description for people who cannot see the picture.
  private var description: String {
    let values = cells.joined().compactMap { $0 }.filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else {
      return "\(rows.count) × \(columns.count) cells, all undefined."
    }
    let undefined = rows.count * columns.count - values.count
    return
      (notes + [
        "\(rows.count) × \(columns.count) cells of \(measure) from \(Figures.fixed(least, decimals)) to \(Figures.fixed(most, decimals)), \(undefined) undefined"
      ])
      .joined(separator: "; ") + "."
  }

  private var levels: Set<Int> { Set(cells.joined().compactMap(level)) }

  /// The fill of undefined cells: diagonal lines, or grey if cells are too small for lines.
  private static func pattern(_ id: String, pitch: Int?) -> Markup {
    let side = pitch ?? 4
    let lines = "M-1 1l2-2M0 \(side)l\(side)-\(side)M\(side - 1) \(side + 1)l2-2"
    let ground = Markup.empty("rect", ["width": String(side), "height": String(side), "class": pitch == nil ? "grey" : "blank"])
    return .element(
      "pattern", ["id": id + "-hatch", "width": String(side), "height": String(side), "patternUnits": "userSpaceOnUse"],
      pitch == nil ? [ground] : [ground, .empty("path", ["class": "hatch", "d": lines])])
  }

  /// The cells. In a file, each cell shows its description under the pointer. (A page has a script for that and stores the
  /// figures once.)
  private func drawnCells(_ layout: HeatmapLayout, _ id: String, isNamed: Bool) -> Markup {
    let side = String(layout.cell - (layout.cell >= 12 ? 1 : 0))
    let pieces = cells.enumerated().map { row, values -> Markup in
      .group(
        values.enumerated().map { column, value in
          let corner = layout.corner(row: row, column: column)
          let title = { (figure: String) -> [Markup] in
            isNamed ? [.element("title", [:], [.words("\(rows[row]) · \(columns[column]): \(figure)")])] : []
          }
          guard let value, let level = level(value) else {
            return .element(
              "rect", ["x": String(corner.x), "y": String(corner.y), "width": side, "height": side, "fill": "url(#\(id)-hatch)"],
              title("undefined"))
          }
          let cell = Markup.element(
            "rect",
            ["class": HeatScale.name(level: level), "x": String(corner.x), "y": String(corner.y), "width": side, "height": side],
            title(Figures.fixed(value, 4)))
          return layout.hasFigures || layout.hasBar(level: level) ? .group([cell, mark(value, level, corner, layout)]) : cell
        })
    }
    // Adjacent cells are drawn to whole pixels, for the same reason.
    return .element("g", ["shape-rendering": layout.cell < 12 ? "crispEdges" : "auto"], pieces)
  }

  /// The figure in a large cell, or the bar of a negative cell.
  private func mark(_ value: Double, _ level: Int, _ corner: (x: Int, y: Int), _ layout: HeatmapLayout) -> Markup {
    let middle = (x: corner.x + layout.cell / 2, y: corner.y + layout.cell / 2)
    guard layout.hasFigures else {
      let reach = layout.cell / 4
      return .empty(
        "rect",
        [
          "class": "t" + HeatScale.name(level: level), "x": String(middle.x - reach), "y": String(middle.y),
          "width": String(2 * reach), "height": "1",
          "pointer-events": "none",
        ])
    }
    return .element(
      "text",
      [
        "class": "t" + HeatScale.name(level: level), "x": String(middle.x), "y": String(middle.y + 4), "font-size": "11",
        "text-anchor": "middle",
        "pointer-events": "none",
      ], [.words(Figures.fixed(value, decimals))])
  }

  /// Very many cells, as the pixels of a picture that is embedded in the file.
  private func image(_ layout: HeatmapLayout) -> Markup {
    .empty(
      "image",
      [
        "x": String(layout.origin.x), "y": String(layout.origin.y), "width": String(columns.count * layout.cell),
        "height": String(rows.count * layout.cell), "style": "image-rendering:pixelated", "preserveAspectRatio": "none",
        "href": "data:image/png;base64," + Base64.text(of: pixels().png()),
      ])
  }

  /// The frame, and a dark line at each boundary between families.
  private func lines(_ layout: HeatmapLayout) -> Markup {
    let (x, y) = (layout.origin.x, layout.origin.y)
    let (width, height) = (columns.count * layout.cell, rows.count * layout.cell)
    let frame = Markup.empty(
      "rect",
      [
        "class": "edge", "x": "\(x - 1).5", "y": "\(y - 1).5", "width": String(width + 1), "height": String(height + 1),
      ])
    let across = rowBreaks.map { "M\(x) \(y + $0 * layout.cell - 1).5h\(width)" }
    let down = columnBreaks.map { "M\(x + $0 * layout.cell - 1).5 \(y)v\(height)" }
    return across.isEmpty && down.isEmpty
      ? frame : .group([frame, .empty("path", ["class": "rule", "d": (across + down).joined()])])
  }

  private func legend(_ layout: HeatmapLayout, _ id: String) -> Markup {
    let bar = layout.legend
    var parts = layout.levels.enumerated().map { i, level -> Markup in
      // Each slice extends to the end and the next one covers it, so that no seam shows when the picture is scaled.
      let x = i * bar.width / layout.levels.count
      return .empty(
        "rect",
        [
          "class": HeatScale.name(level: level), "x": String(bar.x + x), "y": String(bar.y), "width": String(bar.width - x),
          "height": String(bar.height),
        ])
    }
    parts.append(
      .empty(
        "rect",
        [
          "class": "edge", "x": "\(bar.x - 1).5", "y": "\(bar.y - 1).5", "width": String(bar.width + 1),
          "height": String(bar.height + 1),
        ]))
    if let place = layout.undefined {
      let fill = isDrawn ? "url(#\(id)-hatch)" : "#b0b0b0"
      parts.append(
        .empty("rect", ["x": String(place.x), "y": String(place.y), "width": "12", "height": "12", "fill": fill]))
    }
    return .group(parts)
  }
}

extension Markup {
  /// A line of a picture's text.
  fileprivate init(_ words: HeatmapLayout.Words) {
    let (x, y) = (Figures.fixed(words.x, 1), Figures.fixed(words.y, 1))
    let text = Markup.words(words.text)
    let (size, weight) = (Figures.fixed(words.size, 0), words.isBold ? "600" : "400")
    self = .element(
      "text",
      [
        "class": "ink", "font-size": size, "font-weight": weight, "text-anchor": words.anchor.rawValue,
        "transform": "translate(\(x) \(y))" + (words.isTurned ? " rotate(-90)" : ""),
      ], [text])
  }
}
